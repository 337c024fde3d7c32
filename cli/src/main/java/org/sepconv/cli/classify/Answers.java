package org.sepconv.cli.classify;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes answers of outputs.
 *
 * @param labels of all classes; empty where they have none
 * @param top how many classes an answer has at most
 */
record Answers(List<String> labels, int top) {

  /** How far from 1 the shares of all classes may add up to. */
  private static final double ALMOST = 1e-3;

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
   * Refuses labels that are not as many as there are classes.
   *
   * @throws IllegalArgumentException with both numbers
   */
  void check(int classes) {
    if (!labels.isEmpty() && labels.size() != classes) {
      throw new IllegalArgumentException(
          "there are %d labels for the %d classes that the network gives"
              .formatted(labels.size(), classes));
    }
  }

  /**
   * @param outputs one for each class: shares, or what a softmax makes shares of
   */
  Answer of(String picture, float[] outputs) {
    float[] shares = shares(outputs);
    List<Answer.Guess> best =
        IntStream.range(0, shares.length)
            .boxed()
            .sorted(Comparator.comparing((Integer i) -> shares[i]).reversed())
            .limit(top)
            .map(
                i ->
                    new Answer.Guess(
                        i,
                        labels.isEmpty() ? Optional.empty() : Optional.of(labels.get(i)),
                        shares[i]))
            .toList();
    return new Answer(picture, Optional.empty(), best);
  }

  private static float[] shares(float[] outputs) {
    double sum = 0;
    float largest = Float.NEGATIVE_INFINITY;
    boolean positive = true;
    for (float output : outputs) {
      sum += output;
      largest = Math.max(largest, output);
      positive &= output >= 0;
    }
    if (positive && Math.abs(sum - 1) < ALMOST) {
      return outputs;
    }
    double[] exponentials = new double[outputs.length];
    double total = 0;
    for (int i = 0; i < outputs.length; i++) {
      exponentials[i] = Math.exp((double) outputs[i] - largest);
      total += exponentials[i];
    }
    float[] shares = new float[outputs.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (exponentials[i] / total);
    }
    return shares;
  }
}
