package org.sepconv.cli.classify;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.sepconv.vision.Classes;

/** Makes answers of outputs. */
record Answers(Classes classes) {

  /**
   * Reads labels, one a line.
   *
   * @throws IOException if the file cannot be read
   */
  static List<String> labels(Path file) throws IOException {
    try {
      return Files.readAllLines(file).stream().map(String::strip).toList();
    } catch (MalformedInputException _) {
      throw new IllegalArgumentException(file + " is not a text file in UTF-8, a label a line");
    }
  }

  /**
   * @param outputs one for each class: shares, or what a softmax makes shares of
   */
  Answer of(String picture, float[] outputs) {
    return new Answer(picture, Optional.empty(), classes.best(outputs));
  }
}
