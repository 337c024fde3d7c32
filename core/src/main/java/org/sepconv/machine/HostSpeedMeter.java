package org.sepconv.machine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.sepconv.cost.Ceilings.Bandwidth;

/**
 * Measures {@link HostSpeed}. Many short rounds of all threads; the upper quartile counts: above it
 * lie moments in which nobody else used the processor, which a run will not find.
 */
final class HostSpeedMeter {
  private static final long ROUND_NANOS = 1_000_000;
  private static final int ROUNDS = 24;

  /** The compiler gets this long at most. */
  private static final long LONGEST_WARM_UP_NANOS = 1_500_000_000;

  /** What only compiled vector code reaches, and every processor with vectors: FLOP/s, bytes/s. */
  private static final double COMPILED_FLOPS = 1e9;

  private static final double COMPILED_BYTES = 5e9;

  /** Few steps, many calls: so the compiler sees the loop soon. */
  private static final int WARM_UP_STEPS = 8;

  private static final int STEPS = 2000;

  /** Of all threads together, read and written: from what a cache near the core holds to memory. */
  private static final List<Integer> BYTES =
      List.of(128 << 10, 512 << 10, 2 << 20, 8 << 20, 32 << 20, 96 << 20);

  private static final int WARM_UP_FLOATS = 2000;

  private HostSpeedMeter() {}

  static HostSpeed measure(int threads, Optional<PeakLoop> loop) {
    OptionalDouble flops =
        loop.map(found -> flops(found, threads)).orElseGet(OptionalDouble::empty);
    String lanes =
        flops.isPresent()
            ? loop.map(PeakLoop::describe).orElseThrow()
            : "peak assumed, for there is no compiled vector code";
    List<Bandwidth> bandwidths = bandwidths(threads);
    if (flops.isPresent()) { // once more, some time later: a noisy moment does not last
      flops = OptionalDouble.of(Math.max(flops.getAsDouble(), peak(loop.orElseThrow(), threads)));
    }
    return new HostSpeed(
        "measured: %d %s, %s".formatted(threads, threads == 1 ? "thread" : "threads", lanes),
        flops.orElse(HostSpeed.assumedFlops(threads)),
        bandwidths);
  }

  private static OptionalDouble flops(PeakLoop loop, int threads) {
    return warmUp(() -> loop.run(WARM_UP_STEPS), COMPILED_FLOPS)
        ? OptionalDouble.of(peak(loop, threads))
        : OptionalDouble.empty();
  }

  private static double peak(PeakLoop loop, int threads) {
    return rate(Collections.nCopies(threads, () -> loop.run(STEPS)));
  }

  /** Runs until the rate shows compiled code; false where it did not come to that. */
  private static boolean warmUp(LongSupplier worker, double compiled) {
    long end = System.nanoTime() + LONGEST_WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      if (perSecond(worker, ROUND_NANOS) > compiled) {
        return true;
      }
    }
    return false;
  }

  private static List<Bandwidth> bandwidths(int threads) {
    warmUp(new Copy(WARM_UP_FLOATS), COMPILED_BYTES);
    List<Bandwidth> bandwidths = new ArrayList<>();
    for (int bytes : BYTES) {
      if (bytes > Runtime.getRuntime().maxMemory() / 8) {
        break; // a small heap: the last size speaks for the larger ones
      }
      int floats = bytes / 2 / Float.BYTES / threads;
      List<LongSupplier> copies =
          IntStream.range(0, threads).<LongSupplier>mapToObj(_ -> new Copy(floats)).toList();
      bandwidths.add(new Bandwidth(bytes, rate(copies)));
    }
    return bandwidths;
  }

  /** Moves an array to another; how many bytes that are. */
  private static final class Copy implements LongSupplier {
    private final float[] from;
    private final float[] to;

    Copy(int floats) {
      from = new float[floats];
      to = new float[floats];
    }

    @Override
    public long getAsLong() {
      // The loop of most kernels: it reads, computes a little and writes.
      for (int i = 0; i < from.length; i++) {
        to[i] = from[i] * 0.5f;
      }
      return 2L * Float.BYTES * from.length;
    }
  }

  /** What the workers do together in a second, each in a thread of its own. */
  private static double rate(List<LongSupplier> workers) {
    double[][] rates = new double[workers.size()][ROUNDS];
    CyclicBarrier barrier = new CyclicBarrier(workers.size());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < workers.size(); i++) {
      LongSupplier worker = workers.get(i);
      double[] own = rates[i];
      threads.add(
          Thread.ofPlatform()
              .daemon()
              .name("sepconv-host-speed-" + i)
              .start(() -> measure(worker, barrier, own)));
    }
    for (Thread thread : threads) {
      join(thread);
    }
    return IntStream.range(0, ROUNDS)
        .mapToDouble(round -> workers(rates, round))
        .sorted()
        .skip(ROUNDS * 3 / 4)
        .findFirst()
        .orElseThrow();
  }

  private static double workers(double[][] rates, int round) {
    double together = 0;
    for (double[] own : rates) {
      together += own[round];
    }
    return together;
  }

  private static void measure(LongSupplier worker, CyclicBarrier barrier, double[] rates) {
    try {
      perSecond(worker, ROUND_NANOS); // fills the caches, and gets the clock up
      for (int round = 0; round < rates.length; round++) {
        barrier.await();
        rates[round] = perSecond(worker, ROUND_NANOS);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (BrokenBarrierException _) {
      // Another thread was interrupted: what was measured counts.
    }
  }

  private static double perSecond(LongSupplier worker, long nanos) {
    long start = System.nanoTime();
    long done = 0;
    long elapsed;
    do {
      done += worker.getAsLong();
      elapsed = System.nanoTime() - start;
    } while (elapsed < nanos);
    return done * 1e9 / elapsed;
  }

  /** Waits to the end, whoever interrupts meanwhile. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
