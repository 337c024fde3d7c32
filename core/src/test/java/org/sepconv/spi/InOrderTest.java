package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;

/** Graphs on a device that computes what it is told in the order in which it is told. */
class InOrderTest {
  private static final Graph GRAPH =
      Graph.builder("chain")
          .input("x", Shape.of(2, 3, 1))
          .add("relu", new Activate(Activation.RELU))
          .add("negative", new Unary(Unary.Function.NEGATIVE))
          .add("clamp", new Activate(new Activation.Clamp(-2, 2)))
          .build();

  /** What the device was told, in order. */
  private final List<String> log = new ArrayList<>();

  private String failing = "";
  private List<TensorSpec> between = List.of();

  /** A device that knows activations, and negatives if it is told so. */
  private final class Queue extends ConvBackend {
    private final boolean negatives;

    Queue(boolean negatives) {
      super(new DeviceInfo("queue", "a queue", Map.of()));
      this.negatives = negatives;
    }

    @Override
    public DeviceProfile profile() {
      throw new UnsupportedOperationException();
    }

    @Override
    protected Vocabulary vocabulary() {
      List<Class<? extends Operation>> words =
          negatives ? List.of(Activate.class, Unary.class) : List.of(Activate.class);
      return Vocabulary.FIRST.with(words);
    }

    @Override
    protected Support accepts(Problem problem) {
      return Support.YES;
    }

    @Override
    protected Layout layoutBetween(Layout output) {
      return Layout.NHWC;
    }

    @Override
    protected Tensor allocateTensor(TensorSpec spec) {
      return new HostTensor(this, spec);
    }

    @Override
    protected Prepared prepareProblem(Problem problem, Weights weights) {
      return new Queued(this, problem);
    }

    @Override
    protected void release() {}
  }

  private final class Queued extends Prepared {
    Queued(ConvBackend backend, Problem problem) {
      super(backend, problem);
    }

    @Override
    public String kernel() {
      return "queued";
    }

    @Override
    protected Execution execution() {
      return new Told(problem());
    }

    @Override
    protected void release() {}
  }

  /** Computes nothing, and notes what it is told. */
  private final class Told extends Execution {
    private final String name;

    Told(Problem problem) {
      this.name = problem.operation().toString();
    }

    @Override
    protected void start(Tensor[] inputs, Tensor[] outputs) {
      if (name.equals(failing)) {
        throw new BackendException("queue", "cannot start " + name);
      }
      log.add("start " + name);
      between = List.of(inputs[0].spec(), outputs[0].spec());
    }

    @Override
    protected void await() {
      log.add("await " + name);
      if (failing.equals("await " + name)) {
        throw new BackendException("queue", "cannot await " + name);
      }
    }

    @Override
    protected boolean isInOrder() {
      return true;
    }

    @Override
    protected void ended() {
      log.add("ended " + name);
    }

    @Override
    protected long deviceNanos() {
      return 5;
    }
  }

  private void run(boolean negatives, boolean timed) {
    GraphWeights weights = new GraphWeights(Map.of());
    try (ConvBackend backend = new Queue(negatives);
        Prepared prepared = backend.prepare(GRAPH.problem(), weights);
        Tensor source = backend.allocate(prepared.problem().source());
        Tensor destination = backend.allocate(prepared.problem().destination());
        Run run = prepared.bind(List.of(source), List.of(destination))) {
      if (timed) {
        run.timeParts();
      }
      run.run();
      assertEquals(negatives ? 15 : 10, run.deviceTime().toNanos());
    }
  }

  @Test
  void allNodesAreStartedAndTheLastIsWaitedFor() {
    run(true, false);
    assertEquals(
        List.of(
            "start relu",
            "start negative",
            "start clamp:-2.0:2.0",
            "await clamp:-2.0:2.0",
            "ended relu",
            "ended negative"),
        log);
  }

  @Test
  void theHostNeedsWhatIsBeforeIt() {
    run(false, false);
    assertEquals(
        List.of("start relu", "await relu", "start clamp:-2.0:2.0", "await clamp:-2.0:2.0"), log);
  }

  @Test
  void aNodeThatIsTimedIsWaitedFor() {
    run(true, true);
    assertEquals(
        List.of(
            "start relu",
            "await relu",
            "start negative",
            "await negative",
            "start clamp:-2.0:2.0",
            "await clamp:-2.0:2.0"),
        log);
  }

  @Test
  void whatWasStartedIsWaitedForWhereTheNextCannotStart() {
    failing = "clamp:-2.0:2.0";
    BackendException failure = assertThrows(BackendException.class, () -> run(true, false));
    assertEquals("queue: cannot start " + failing, failure.getMessage());
    assertEquals(List.of("start relu", "start negative", "await relu", "await negative"), log);
  }

  @Test
  void whatWasStartedIsWaitedForWhereTheLastFails() {
    failing = "await clamp:-2.0:2.0";
    BackendException failure = assertThrows(BackendException.class, () -> run(true, false));
    assertEquals("queue: cannot " + failing, failure.getMessage());
    assertEquals(
        List.of("await clamp:-2.0:2.0", "await relu", "await negative"), log.subList(3, 6));
  }

  @Test
  void betweenTheNodesIsTheLayoutThatTheBackendWants() {
    run(true, false);
    assertArrayEquals(
        new Layout[] {Layout.NHWC, Layout.NCHW},
        between.stream().map(TensorSpec::layout).toArray());
  }
}
