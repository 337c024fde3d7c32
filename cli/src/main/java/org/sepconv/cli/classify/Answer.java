package org.sepconv.cli.classify;

import java.util.List;
import java.util.Optional;
import org.sepconv.vision.Classes;

/**
 * What a network says of a picture, as a line of JSON.
 *
 * @param error why there is no answer; null if there is one
 * @param classes the most likely ones first
 */
record Answer(String picture, Optional<String> error, List<Classes.Guess> classes) {

  static Answer failed(String picture, String error) {
    return new Answer(picture, Optional.of(error), List.of());
  }
}
