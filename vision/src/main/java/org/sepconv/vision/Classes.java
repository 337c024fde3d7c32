package org.sepconv.vision;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What the outputs of a classifier say: the most likely classes and their shares. Immutable.
 *
 * @param labels of all classes; empty where they have none
 * @param top how many classes are named at most
 */
public record Classes(List<String> labels, int top) {

  /** How far from 1 the shares of all classes may add up to. */
  private static final double ALMOST = 1e-3;

  public Classes {
    labels = List.copyOf(labels);
    if (top < 1) {
      throw new IllegalArgumentException("top is %d, but must be at least 1".formatted(top));
    }
  }

  /**
   * One class.
   *
   * @param index among the outputs, from 0
   * @param label empty where there are no labels
   * @param share from 0 to 1
   */
  public record Guess(int index, Optional<String> label, float share) {
    /** What a person reads: the label, or the number. */
    public String name() {
      return label.orElseGet(() -> "[" + index + "]");
    }
  }

  /**
   * Refuses labels that are not as many as there are classes.
   *
   * @throws IllegalArgumentException with both numbers
   */
  public void check(int classes) {
    if (!labels.isEmpty() && labels.size() != classes) {
      throw new IllegalArgumentException(
          "there are %d labels for the %d classes that the network gives"
              .formatted(labels.size(), classes));
    }
  }

  /**
   * The most likely classes, the best first.
   *
   * @param outputs one for each class: shares, or what a softmax makes shares of
   */
  public List<Guess> best(float[] outputs) {
    float[] shares = shares(outputs);
    return IntStream.range(0, shares.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> shares[i]).reversed())
        .limit(top)
        .map(
            i ->
                new Guess(
                    i, labels.isEmpty() ? Optional.empty() : Optional.of(labels.get(i)), shares[i]))
        .toList();
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
