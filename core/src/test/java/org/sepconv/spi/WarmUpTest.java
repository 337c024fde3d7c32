package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

class WarmUpTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 1).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 1));

  private static final Problem PROBLEM = Problem.of(CONV, SPEC);

  private static FakeBackend backend(Duration warmUp) {
    return new FakeBackend("fake", 1e9, warmUp);
  }

  @Test
  void runsBeforeTheFirstRunAndCleansUp() {
    FakeBackend backend = backend(Duration.ofMillis(30));
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
    assertTrue(backend.runs.get() > 1, backend.runs + " runs");
    assertEquals(List.of("tensor NCHW 1x2x1x1", "tensor NCHW 1x1x1x1"), backend.released);
    assertEquals(TensorSpec.nchw(Shape.of(1, 1, 1)), prepared.problem().destination());
  }

  @Test
  void endsByItselfLongBeforeAHugeBudget() {
    FakeBackend backend = backend(Duration.ofDays(1));
    backend.prepare(PROBLEM, WEIGHTS);
    assertTrue(backend.runs.get() > 1);
  }

  @Test
  void kernelsHaveTheirTurnBeforeTheFirstRunAndAgainAfterOthers() {
    FakeBackend backend = backend(Duration.ofDays(1));
    backend.prepare(PROBLEM, WEIGHTS);
    assertEquals(0, backend.runsBeforeKernels.getFirst());
    assertTrue(backend.runsBeforeKernels.getLast() > 0, backend.runsBeforeKernels.toString());
  }

  @Test
  void doesNotRunWithoutABudget() {
    FakeBackend backend = backend(Duration.ZERO);
    backend.prepare(PROBLEM, WEIGHTS);
    assertEquals(0, backend.runs.get());
  }

  @Test
  void whatRunsOnceIsNotWarmedUp() {
    FakeBackend backend = backend(Duration.ofMillis(30));
    assertArrayEquals(new float[] {43}, backend.convolve(PROBLEM, WEIGHTS, new float[] {3, 4}));
    assertEquals(1, backend.runs.get());
  }

  @Test
  void bothStagesWarmUpTogether() {
    SeparableConv2d separable = SeparableConv2d.of(2, 1).kernel(1).build();
    SeparableWeights weights = new SeparableWeights(ConvWeights.of(new float[] {1, 1}), WEIGHTS);
    FakeBackend backend = backend(Duration.ofNanos(1));
    backend.prepare(Problem.of(separable, SPEC), weights);
    assertEquals(2, backend.runs.get(), "one run of each stage");
  }

  @Test
  void aFailureWhileWarmingUpLeavesNothing() {
    FakeBackend backend = backend(Duration.ofMillis(30));
    backend.runFails = true;
    Expect.failure(
        BackendException.class, () -> backend.prepare(PROBLEM, WEIGHTS), "lost in a run");
    assertEquals(
        List.of("tensor NCHW 1x2x1x1", "tensor NCHW 1x1x1x1", "reference-POINTWISE"),
        backend.released);
  }
}
