package org.sepconv.spi;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Optional;

/**
 * Brings what was just prepared to speed: the first call of Java code costs about a thousand times
 * the steady state. First its kernels by themselves, then all of it in whole runs, and kernels that
 * whole runs found wanting once more.
 */
final class WarmUp {

  /** A window this long sees some dozen runs of the usual layer. */
  private static final long WINDOW_NANOS = 5_000_000;

  /** Windows in a row without getting faster that end it. */
  private static final int STABLE_WINDOWS = 3;

  /** After so many windows it does not matter any more that something is still being compiled. */
  private static final int WINDOWS_FOR_COMPILER = 60;

  private WarmUp() {}

  /** Runs on zeros until the time of a run is stable, or the budget is spent. */
  static void run(Prepared prepared, Duration budget) {
    try (OwningRun run = OwningRun.of(prepared)) {
      run(prepared, run, budget);
    }
  }

  private static void run(Prepared prepared, OwningRun run, Duration budget) {
    long end = System.nanoTime() + budget.toNanos();
    prepared.warmUpKernels(end);
    Compiler compiler = new Compiler();
    double before = Double.POSITIVE_INFINITY;
    int stable = 0;
    for (int window = 0; stable < STABLE_WINDOWS; window++) {
      double fastest = Double.POSITIVE_INFINITY;
      long windowEnd = System.nanoTime() + WINDOW_NANOS;
      do {
        long start = System.nanoTime();
        run.run();
        long now = System.nanoTime();
        fastest = Math.min(fastest, now - start);
        if (now >= end) {
          return;
        }
      } while (System.nanoTime() < windowEnd);
      // Real data takes branches that the kernels had not taken by themselves: where the JVM then
      // throws compiled code away, it would take seconds of whole runs until it has new one.
      prepared.warmUpKernels(end);
      boolean compiled = compiler.wasBusy() && window < WINDOWS_FOR_COMPILER;
      stable = fastest > 0.9 * before && !compiled ? stable + 1 : 0;
      before = Math.min(before, fastest);
    }
  }

  /** The JVM's, where it tells how long it has compiled. */
  private static final class Compiler {

    /** Compiled in a window, this much may replace what runs; less is something small. */
    private static final long BUSY_MILLIS = 2;

    private final Optional<CompilationMXBean> bean =
        Optional.ofNullable(ManagementFactory.getCompilationMXBean())
            .filter(CompilationMXBean::isCompilationTimeMonitoringSupported);

    private long millis = total();

    private long total() {
      return bean.map(CompilationMXBean::getTotalCompilationTime).orElse(0L);
    }

    /** Whether it has compiled since the last call. */
    boolean wasBusy() {
      long before = millis;
      millis = total();
      return millis - before >= BUSY_MILLIS;
    }
  }
}
