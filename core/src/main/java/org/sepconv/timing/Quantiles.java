package org.sepconv.timing;

import java.util.Collection;

/** What share of some numbers is smaller. */
public final class Quantiles {
  private Quantiles() {}

  /** The number that half of them are smaller than. */
  public static double median(Collection<Double> values) {
    return of(values, 0.5);
  }

  /**
   * The number that this share of them is smaller than: linear between the two nearest ones.
   *
   * @param share from 0, the smallest, to 1, the largest
   * @throws IllegalArgumentException if there are no numbers
   */
  public static double of(Collection<Double> values, double share) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no numbers, so no quantile " + share);
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
