package org.sepconv.cli.classify;

import java.util.List;
import java.util.Optional;

/**
 * What a network says of a picture, as a line of JSON.
 *
 * @param error why there is no answer; null if there is one
 * @param classes the most likely ones first
 */
record Answer(String picture, Optional<String> error, List<Guess> classes) {

  /**
   * One class.
   *
   * @param index among the outputs, from 0
   * @param label null where there are no labels
   * @param share from 0 to 1
   */
  record Guess(int index, Optional<String> label, float share) {
    /** What a person reads: the label, or the number. */
    String name() {
      return label.orElseGet(() -> "[" + index + "]");
    }
  }

  static Answer failed(String picture, String error) {
    return new Answer(picture, Optional.of(error), List.of());
  }
}
