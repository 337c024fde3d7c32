package org.sepconv.cli.text;

import java.util.List;
import org.sepconv.timing.Quantiles;

/**
 * Times of one run.
 *
 * @param samples how many were taken
 * @param medianSeconds half of them were faster
 * @param p10Seconds a tenth of them was faster
 * @param p90Seconds a tenth of them was slower
 */
public record Timing(int samples, double medianSeconds, double p10Seconds, double p90Seconds) {

  /** Summarises samples in seconds, at least one. */
  public static Timing of(List<Double> seconds) {
    return new Timing(
        seconds.size(),
        Quantiles.median(seconds),
        Quantiles.of(seconds, 0.1),
        Quantiles.of(seconds, 0.9));
  }
}
