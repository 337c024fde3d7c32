package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

class ConvBackendTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 1).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final Problem PROBLEM = Problem.of(CONV, SPEC);
  private final FakeBackend backend = new FakeBackend("fake");

  @Test
  void preparesForBothSides() {
    Prepared same = backend.prepare(PROBLEM, WEIGHTS);
    assertEquals(TensorSpec.nchw(Shape.of(1, 1, 2)), same.problem().destination());
    Prepared other = backend.prepare(Problem.of(CONV, SPEC, Layout.NHWC), WEIGHTS);
    assertEquals(SPEC, other.problem().source());
    assertEquals(TensorSpec.nhwc(Shape.of(1, 1, 2)), other.problem().destination());
  }

  @Test
  void checksBeforeItPrepares() {
    Expect.refused(() -> backend.prepare(PROBLEM, ConvWeights.of(new float[3])), "3 values");
    Problem biased = Problem.of(CONV.withBias(true), SPEC);
    Expect.refused(() -> backend.prepare(biased, WEIGHTS), "weights have none");
    Expect.refused(() -> backend.prepare(PROBLEM, Weights.none()), "no weights given for " + CONV);
    Expect.nullRefused(() -> backend.prepare(null, WEIGHTS), "problem");
    Expect.nullRefused(() -> backend.prepare(PROBLEM, null), "weights");
    Expect.nullRefused(() -> backend.supports(null), "problem");
    Expect.nullRefused(() -> backend.allocate(null), "spec");
    assertEquals(0, backend.prepared());
  }

  @Test
  void whatItDoesNotSupportFailsWithTheReason() {
    backend.support = new Support.No("no pointwise here");
    BackendException failure =
        Expect.failure(
            BackendException.class,
            () -> backend.prepare(PROBLEM, WEIGHTS),
            "fake: does not support",
            CONV.toString(),
            SPEC.toString(),
            "no pointwise here");
    assertEquals("fake", failure.device());
  }

  @Test
  void closedItDoesNothing() {
    backend.close();
    backend.close();
    assertEquals(List.of("backend"), backend.released);
    Expect.failure(
        IllegalStateException.class, () -> backend.allocate(SPEC), "backend fake is closed");
    Expect.failure(
        IllegalStateException.class, () -> backend.prepare(PROBLEM, WEIGHTS), "is closed");
    Expect.failure(
        IllegalStateException.class,
        () -> backend.convolve(PROBLEM, WEIGHTS, new float[4]),
        "is closed");
  }

  @Test
  void oneCallConvolvesAndCleansUp() {
    assertArrayEquals(
        new float[] {31, 42}, backend.convolve(PROBLEM, WEIGHTS, new float[] {1, 2, 3, 4}));
    TensorSpec nhwc = TensorSpec.nhwc(SPEC.shape());
    assertArrayEquals(
        new float[] {31, 42},
        backend.convolve(Problem.of(CONV, nhwc), WEIGHTS, new float[] {1, 3, 2, 4}));
    assertEquals(6, backend.released.size());
  }

  @Test
  void oneCallCleansUpWhatFails() {
    Expect.refused(() -> backend.convolve(PROBLEM, WEIGHTS, new float[5]), "5", "needs 4");
    Expect.nullRefused(() -> backend.convolve(PROBLEM, WEIGHTS, (float[]) null), "source values");
    Expect.nullRefused(() -> backend.convolve(PROBLEM, WEIGHTS, (float[][]) null), "inputs");
    assertEquals(List.of(), backend.tensors);
    assertEquals(backend.prepared(), backend.released.size());
    assertEquals(0, backend.executions.get());
  }

  @Test
  void oneCallAddsAResidual() {
    Problem adding = Problem.of(CONV.withResidual(true), SPEC);
    float[] input = {1, 2, 3, 4};
    assertArrayEquals(
        new float[] {131, -58}, backend.convolve(adding, WEIGHTS, input, new float[] {100, -100}));
    Expect.refused(
        () -> backend.convolve(adding, WEIGHTS, input), "1 inputs", adding.operation() + " has 2");
    Expect.refused(
        () -> backend.convolve(PROBLEM, WEIGHTS, input, new float[2]), "2 inputs", CONV + " has 1");
    assertEquals(backend.tensors.size() + 3, backend.released.size());
  }

  @Test
  void oneCallConvolvesSeparables() {
    SeparableConv2d separable = SeparableConv2d.of(2, 1).kernel(1, 2).build();
    SeparableWeights weights =
        new SeparableWeights(ConvWeights.of(new float[] {1, 10, 100, 1000}), WEIGHTS);
    // 1 + 20 and 300 + 4000, then 21 + 43000
    assertArrayEquals(
        new float[] {43021},
        backend.convolve(Problem.of(separable, SPEC), weights, new float[] {1, 2, 3, 4}));
    assertEquals(3, backend.tensors.size());
    assertTrue(backend.released.size() >= 5, backend.released.toString());
  }
}
