package org.sepconv.cli.compare;

import java.util.Arrays;

/**
 * Times of one run.
 *
 * @param samples how many were taken
 * @param medianSeconds half of them were faster
 * @param p10Seconds a tenth of them was faster
 * @param p90Seconds a tenth of them was slower
 */
record Timing(int samples, double medianSeconds, double p10Seconds, double p90Seconds) {

  /** Summarises samples in seconds, at least one. */
  static Timing of(double[] seconds) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return new Timing(
        sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.1), quantile(sorted, 0.9));
  }

  /** Linear between the two nearest samples. */
  private static double quantile(double[] sorted, double share) {
    double position = share * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
