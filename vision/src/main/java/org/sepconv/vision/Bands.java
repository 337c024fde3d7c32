package org.sepconv.vision;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Rows in bands, each done by one thread. Every row is the same whoever does it, so results do not
 * depend on the number of threads.
 */
final class Bands {

  /** The work on the rows from one to before another. */
  interface Work {
    void run(int from, int to);
  }

  /**
   * @param rows of all bands
   * @param count bands
   */
  record Division(int rows, int count) {
    int begin(int band) {
      return (int) ((long) rows * band / count);
    }
  }

  private Bands() {}

  /** One band for each thread, but none without rows. */
  static Division of(int rows, int threads) {
    return new Division(rows, Math.clamp(rows, 1, threads));
  }

  static void run(int threads, Division division, Work work) {
    each(
        threads,
        division.count(),
        band -> work.run(division.begin(band), division.begin(band + 1)));
  }

  /** Runs tasks 0 to {@code count} - 1 on so many threads of the common pool, or on this one. */
  static void each(int threads, int count, IntConsumer task) {
    int workers = Math.min(threads, count);
    if (workers <= 1) {
      for (int i = 0; i < count; i++) {
        task.accept(i);
      }
      return;
    }
    AtomicInteger next = new AtomicInteger();
    IntStream.range(0, workers)
        .parallel()
        .forEach(
            _ -> {
              for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                task.accept(i);
              }
            });
  }
}
