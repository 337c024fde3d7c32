package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** Runs of several callers keep a workspace for each, and give none away. */
class OverlappingRunsTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLERS = 2;
  private static final int RUNS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @Test
  void allocateNothingOnceThereIsAWorkspaceForEach() throws InterruptedException {
    Assumptions.assumeTrue(
        THREADS.isThreadAllocatedMemorySupported(), "this JVM does not count allocated bytes");
    // Scalar, since vector kernels allocate until they are compiled.
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(1)
            .withWarmUp(Duration.ZERO)
            .with("cpu.kernels", "scalar");
    Conv2d conv = Conv2d.of(8, 8).kernel(3).same().build();
    TensorSpec spec = TensorSpec.nhwc(Shape.of(8, 12, 12));
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()))) {
      ConvBackend cpu = backends.backend("cpu");
      try (Prepared prepared =
          cpu.prepare(Problem.of(conv, spec), ConvWeights.of(new float[8 * 8 * 9]))) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        long least = Long.MAX_VALUE;
        while (least > 0 && System.nanoTime() < end) {
          least = Math.min(least, bytesOfOverlappingRuns(prepared));
        }
        assertEquals(0, least, "bytes in " + CALLERS * RUNS + " runs");
      }
    }
  }

  private static long bytesOfOverlappingRuns(Prepared prepared) throws InterruptedException {
    CyclicBarrier together = new CyclicBarrier(CALLERS);
    AtomicLong bytes = new AtomicLong();
    List<Thread> callers = new ArrayList<>();
    for (int caller = 0; caller < CALLERS; caller++) {
      callers.add(Thread.ofPlatform().start(() -> bytes.addAndGet(bytes(prepared, together))));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    return bytes.get();
  }

  private static long bytes(Prepared prepared, CyclicBarrier together) {
    ConvBackend cpu = prepared.backend();
    try (Tensor src = cpu.allocate(prepared.problem().source());
        Tensor dst = cpu.allocate(prepared.problem().destination())) {
      prepared.run(src, dst);
      together.await();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int run = 0; run < RUNS; run++) {
        prepared.run(src, dst);
      }
      return THREADS.getCurrentThreadAllocatedBytes() - before;
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }
}
