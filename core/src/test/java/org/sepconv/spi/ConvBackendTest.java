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
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

class ConvBackendTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 1).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private final FakeBackend backend = new FakeBackend("fake");

  @Test
  void preparesForBothSides() {
    PreparedConvolution same = backend.prepare(CONV, WEIGHTS, SPEC);
    assertEquals(TensorSpec.nchw(Shape.of(1, 1, 2)), same.destination());
    PreparedConvolution other = backend.prepare(CONV, WEIGHTS, SPEC, Layout.NHWC);
    assertEquals(SPEC, other.source());
    assertEquals(TensorSpec.nhwc(Shape.of(1, 1, 2)), other.destination());
  }

  @Test
  void checksBeforeItPrepares() {
    Expect.refused(
        () -> backend.prepare(CONV, WEIGHTS, TensorSpec.nchw(Shape.of(3, 1, 1))), "3 channels");
    Expect.refused(() -> backend.prepare(CONV, ConvWeights.of(new float[3]), SPEC), "3 values");
    Expect.refused(() -> backend.prepare(CONV.withBias(true), WEIGHTS, SPEC), "weights have none");
    Expect.nullRefused(() -> backend.prepare(null, WEIGHTS, SPEC), "convolution");
    Expect.nullRefused(() -> backend.prepare(CONV, null, SPEC), "weights");
    Expect.nullRefused(() -> backend.prepare(CONV, WEIGHTS, null), "source");
    Expect.nullRefused(() -> backend.prepare(CONV, WEIGHTS, SPEC, null), "layout");
    Expect.nullRefused(() -> backend.allocate(null), "spec");
  }

  @Test
  void whatItDoesNotSupportFailsWithTheReason() {
    backend.support = new Support.No("no pointwise here");
    BackendException failure =
        Expect.failure(
            BackendException.class,
            () -> backend.prepare(CONV, WEIGHTS, SPEC),
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
        IllegalStateException.class, () -> backend.prepare(CONV, WEIGHTS, SPEC), "is closed");
    Expect.failure(
        IllegalStateException.class,
        () -> backend.convolve(CONV, WEIGHTS, SPEC, new float[4]),
        "is closed");
  }

  @Test
  void oneCallConvolvesAndCleansUp() {
    assertArrayEquals(
        new float[] {31, 42}, backend.convolve(CONV, WEIGHTS, SPEC, new float[] {1, 2, 3, 4}));
    TensorSpec nhwc = TensorSpec.nhwc(SPEC.shape());
    assertArrayEquals(
        new float[] {31, 42}, backend.convolve(CONV, WEIGHTS, nhwc, new float[] {1, 3, 2, 4}));
    assertEquals(6, backend.released.size());
  }

  @Test
  void oneCallCleansUpWhatFails() {
    Expect.refused(() -> backend.convolve(CONV, WEIGHTS, SPEC, new float[5]), "5", "needs 4");
    Expect.nullRefused(() -> backend.convolve(CONV, WEIGHTS, SPEC, null), "values");
    assertEquals(List.of(), backend.tensors);
    assertEquals(List.of(), backend.released);
  }

  @Test
  void oneCallAddsAResidual() {
    Conv2d adding = CONV.withResidual(true);
    float[] input = {1, 2, 3, 4};
    assertArrayEquals(
        new float[] {131, -58},
        backend.convolve(adding, WEIGHTS, SPEC, input, new float[] {100, -100}));
    Expect.refused(
        () -> backend.convolve(adding, WEIGHTS, SPEC, input), "adds a residual", "none was given");
    Expect.refused(() -> backend.convolve(CONV, WEIGHTS, SPEC, input, new float[2]), "adds none");
    assertEquals(backend.tensors.size() + 3, backend.released.size());
  }

  @Test
  void oneCallConvolvesSeparables() {
    SeparableConv2d separable = SeparableConv2d.of(2, 1).kernel(1, 2).build();
    SeparableWeights weights =
        new SeparableWeights(ConvWeights.of(new float[] {1, 10, 100, 1000}), WEIGHTS);
    // 1 + 20 and 300 + 4000, then 21 + 43000
    assertArrayEquals(
        new float[] {43021}, backend.convolve(separable, weights, SPEC, new float[] {1, 2, 3, 4}));
    assertEquals(3, backend.tensors.size());
    assertTrue(backend.released.size() >= 5, backend.released.toString());
  }
}
