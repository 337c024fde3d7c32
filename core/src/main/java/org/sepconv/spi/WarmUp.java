package org.sepconv.spi;

import java.time.Duration;

/**
 * Runs what was just prepared until it has become fast: the first call of Java code costs about a
 * thousand times the steady state, which is reached after up to a second.
 */
final class WarmUp {

  /** A window this long sees a dozen runs of the usual layer. */
  private static final long WINDOW_NANOS = 40_000_000;

  /** Before this, the compiler may not even have started on what is hot. */
  private static final int LEAST_WINDOWS = 3;

  /** Windows in a row without getting faster that end it. */
  private static final int STABLE_WINDOWS = 2;

  private WarmUp() {}

  /** Runs on zeros until the time of a run is stable, or the budget is spent. */
  static void run(PreparedConvolution prepared, Duration budget) {
    ConvBackend backend = prepared.backend();
    try (Tensor src = backend.allocate(prepared.source());
        Tensor dst = backend.allocate(prepared.destination())) {
      long end = System.nanoTime() + budget.toNanos();
      double before = Double.POSITIVE_INFINITY;
      int stable = 0;
      for (int window = 0; stable < STABLE_WINDOWS || window < LEAST_WINDOWS; window++) {
        double fastest = Double.POSITIVE_INFINITY;
        long windowEnd = System.nanoTime() + WINDOW_NANOS;
        do {
          long start = System.nanoTime();
          prepared.run(src, dst);
          long now = System.nanoTime();
          fastest = Math.min(fastest, now - start);
          if (now >= end) {
            return;
          }
        } while (System.nanoTime() < windowEnd);
        stable = fastest > 0.9 * before ? stable + 1 : 0;
        before = Math.min(before, fastest);
      }
    }
  }
}
