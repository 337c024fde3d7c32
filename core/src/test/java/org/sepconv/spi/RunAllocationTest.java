package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;

/** What core adds to a run allocates nothing: a backend that does nothing shows it. */
class RunAllocationTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int RUNS = 1000;
  private static final int MOST_ATTEMPTS = 1000;
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(1, 1, 1));

  /** Computes nothing. */
  private static final class Idle extends ConvBackend {
    private final FakeBackend fake = new FakeBackend("fake");

    Idle() {
      super(new FakeBackend("idle").device());
    }

    @Override
    public DeviceProfile profile() {
      return fake.profile();
    }

    @Override
    protected Vocabulary vocabulary() {
      return Vocabulary.FIRST.with(List.of(Binary.class));
    }

    @Override
    protected Support accepts(Problem problem) {
      return Support.YES;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new Tensor(this, spec) {
        @Override
        protected void upload(java.lang.foreign.MemorySegment source) {}

        @Override
        protected void download(java.lang.foreign.MemorySegment target) {}

        @Override
        protected void release() {}
      };
    }

    @Override
    protected Prepared prepareProblem(Problem problem, Weights weights) {
      return new Prepared(this, problem) {
        @Override
        public String kernel() {
          return "idle";
        }

        @Override
        protected Execution execution() {
          return new Execution() {
            @Override
            protected void start(Tensor[] inputs, Tensor[] outputs) {}

            @Override
            protected boolean compute(float[][] inputs, float[][] outputs) {
              return true;
            }
          };
        }

        @Override
        protected void release() {}
      };
    }

    @Override
    protected void release() {}
  }

  @Test
  void noRunAllocates() {
    Assumptions.assumeTrue(
        THREADS.isThreadAllocatedMemorySupported(), "this JVM does not count allocated bytes");
    try (ConvBackend backend = new Idle();
        Prepared add =
            backend.prepare(Problem.of(Binary.add(), List.of(SPEC, SPEC)), Weights.none());
        Tensor first = backend.allocate(SPEC);
        Tensor second = backend.allocate(SPEC);
        Tensor output = backend.allocate(SPEC);
        Run run = add.bind(List.of(first, second), List.of(output))) {
      float[] one = new float[1];
      float[] other = new float[1];
      assertEquals(0, leastBytes(run::run), "bytes of a bound run");
      assertEquals(0, leastBytes(() -> add.run(first, second, output)), "bytes of one on tensors");
      assertEquals(0, leastBytes(() -> add.run(one, other, other)), "bytes of one on arrays");
    }
  }

  @Test
  void noRunOfAGraphAllocatesTimedOrNot() {
    Assumptions.assumeTrue(
        THREADS.isThreadAllocatedMemorySupported(), "this JVM does not count allocated bytes");
    Graph graph =
        Graph.builder("twice")
            .input("x", SPEC.shape())
            .add("a", Binary.add(), "x", "x")
            .add("b", Binary.add(), "a", "x")
            .build();
    try (ConvBackend backend = new Idle();
        Prepared prepared = backend.prepare(graph.problem(), new GraphWeights(Map.of()));
        OwningRun run = OwningRun.of(prepared)) {
      assertEquals(0, leastBytes(run::run), "bytes of a run of a graph");
      run.timeParts();
      assertEquals(0, leastBytes(run::run), "bytes of one whose parts are timed");
    }
  }

  /** Of {@link #RUNS} runs, once everything that they call has been linked. */
  private static long leastBytes(Runnable run) {
    long least = Long.MAX_VALUE;
    for (int attempt = 0; least > 0 && attempt < MOST_ATTEMPTS; attempt++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < RUNS; i++) {
        run.run();
      }
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
