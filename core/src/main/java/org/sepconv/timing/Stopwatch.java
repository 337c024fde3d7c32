package org.sepconv.timing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Times one thing that can be run again and again, a slice of time at a time, so that several can
 * take {@link Turns}. Used by one thread at a time.
 */
public final class Stopwatch {

  /** Less than this share of an earlier time is faster, and not chance. */
  public static final double FASTER = 0.9;

  /** A sample shorter than this would measure the clock. */
  private static final long SHORTEST_SAMPLE_NANOS = 200_000;

  /** Cold caches are a small part of a run this long. */
  private static final long LONG_RUN_NANOS = 20_000_000;

  /** In a sample, and samples in a slice: they end it on a clock that stands still for long. */
  private static final int MOST_RUNS = 1000;

  private static final int MOST_SAMPLES = 1000;

  private final Runnable run;
  private final LongSupplier nanos;
  private long spentNanos;
  private long fastestRun = Long.MAX_VALUE;
  private double fastestSlice = Double.POSITIVE_INFINITY;
  private long fasterAt;
  private int slicesSince = -1;

  /**
   * A watch for this.
   *
   * @param nanos the clock, as {@link System#nanoTime()}
   */
  public Stopwatch(Runnable run, LongSupplier nanos) {
    this.run = run;
    this.nanos = nanos;
  }

  /**
   * Runs for about this long. The first run finds cold caches and does not count, unless it lasts
   * 20 ms or more.
   *
   * @return samples, at least one: seconds of a run, each the mean of as many as the clock needs
   */
  public List<Double> slice(long length) {
    List<Double> samples = new ArrayList<>();
    long start = nanos.getAsLong();
    run.run();
    long now = nanos.getAsLong();
    fastestRun = Math.clamp(now - start, 1, fastestRun);
    if (now - start >= LONG_RUN_NANOS) {
      samples.add((now - start) / 1e9);
    }
    int batch = Math.clamp(SHORTEST_SAMPLE_NANOS / fastestRun, 1, MOST_RUNS);
    while (samples.isEmpty() || now - start < length && samples.size() < MOST_SAMPLES) {
      long before = now;
      for (int i = 0; i < batch; i++) {
        run.run();
      }
      now = nanos.getAsLong();
      samples.add(Math.max(1, now - before) / 1e9 / batch);
      fastestRun = Math.clamp((now - before) / batch, 1, fastestRun);
    }
    spentNanos += now - start;
    slicesSince++;
    double seconds = Quantiles.median(samples);
    if (seconds < FASTER * fastestSlice) {
      fastestSlice = seconds;
      fasterAt = now;
      slicesSince = 0;
    }
    return samples;
  }

  /**
   * Whether it is warm: has not become faster for this long, and for this many slices. A JVM
   * compiles one kernel after the other, and what runs meanwhile becomes faster in steps, which are
   * up to 300 ms apart.
   */
  public boolean isSettled(long length, int slices) {
    return slicesSince >= slices && nanos.getAsLong() - fasterAt >= length;
  }

  /** What all slices took. */
  public long spentNanos() {
    return spentNanos;
  }

  /** Forgets the time spent, but not how warm it is. */
  public void startOver() {
    spentNanos = 0;
  }
}
