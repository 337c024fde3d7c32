package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.select.Backends;

/** What lies between the nodes of a graph, on a backend whose tensors share no memory. */
class MemoryPlanTest {
  private static final Conv2d CONV = Conv2d.of(3, 3).same().build();
  private static final long VALUE = 3 * 6 * 5 * Float.BYTES;

  /** The value of {@code a} is wanted to the end; that of {@code c} replaces {@code b}'s. */
  private static final Graph GRAPH =
      Graph.builder("waiting")
          .input("input", Shape.of(3, 6, 5))
          .add("a", CONV)
          .add("b", CONV)
          .add("c", new Activate(Activation.TANH))
          .add("d", CONV)
          .add("e", Binary.multiply(), "d", "a")
          .build();

  @Test
  void saysWhichValueLiesWhereAndHowLong() {
    try (Backends backends =
            Backends.of(BackendOptions.defaults(), List.of(new ReferenceBackendProvider()));
        Prepared prepared =
            backends.backend("reference").prepare(GRAPH.problem(), Weights.random(GRAPH, 1))) {
      MemoryPlan plan = prepared.memoryPlan();
      // The activation is the convolution's after the passes.
      assertEquals(List.of("a", "c", "d", "e"), plan.steps());
      assertEquals(
          List.of(
              new MemoryPlan.Block(List.of("a"), 0, VALUE, 0, 3),
              new MemoryPlan.Block(List.of("c"), VALUE, VALUE, 1, 2),
              new MemoryPlan.Block(List.of("d"), 2 * VALUE, VALUE, 2, 3)),
          plan.blocks());
      assertEquals(prepared.bytesBetween(), plan.bytes());
      assertEquals(VALUE, plan.bytesAt(0));
      assertEquals(2 * VALUE, plan.bytesAt(1));
      assertEquals(3 * VALUE, plan.bytesAt(2));
      assertEquals(2 * VALUE, plan.bytesAt(3));
    }
  }

  @Test
  void oneOperationHasNothingBetween() {
    try (ConvBackend backend = new FakeBackend("fake");
        Prepared prepared =
            backend.prepare(Problem.of(CONV, GRAPH.problem().source()), Weights.random(CONV, 1))) {
      assertEquals(MemoryPlan.NONE, prepared.memoryPlan());
    }
  }
}
