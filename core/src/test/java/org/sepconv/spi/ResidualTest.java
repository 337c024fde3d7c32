package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/** Runs of a convolution that adds a residual, and what is checked once for all backends. */
class ResidualTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 2).residual().relu().build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10, 100, 1000});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final float[] INPUT = {1, 2, 3, 4};
  private static final float[] RESIDUAL = {-1, -100, 7, 0};
  private static final float[] OUTPUT = {30, 0, 3107, 4200};

  private final FakeBackend backend = new FakeBackend("fake");
  private final Prepared prepared = backend.prepare(Problem.of(CONV, SPEC), WEIGHTS);
  private final Prepared plain =
      backend.prepare(Problem.of(CONV.withResidual(false), SPEC), WEIGHTS);
  private final Tensor source = filled(INPUT);
  private final Tensor residual = filled(RESIDUAL);
  private final Tensor destination = backend.allocate(SPEC);

  private Tensor filled(float[] values) {
    Tensor tensor = backend.allocate(SPEC);
    tensor.write(values);
    return tensor;
  }

  @Test
  void isAddedBeforeTheActivation() {
    prepared.run(source, residual, destination);
    assertArrayEquals(OUTPUT, destination.read());
    assertArrayEquals(RESIDUAL, residual.read());
    float[] output = new float[4];
    prepared.run(INPUT, RESIDUAL, output);
    assertArrayEquals(OUTPUT, output);
  }

  @Test
  void mayBeTheDestination() {
    prepared.run(source, residual, residual);
    assertArrayEquals(OUTPUT, residual.read());
    float[] both = RESIDUAL.clone();
    prepared.run(INPUT, both, both);
    assertArrayEquals(OUTPUT, both);
  }

  @Test
  void mayBeTheSource() {
    prepared.run(source, source, destination);
    assertArrayEquals(new float[] {32, 44, 3103, 4204}, destination.read());
    float[] output = new float[4];
    prepared.run(INPUT, INPUT, output);
    assertArrayEquals(new float[] {32, 44, 3103, 4204}, output);
  }

  @Test
  void oneThatIsMissingOrTooManyIsRefused() {
    String[] missing = {CONV.toString(), "adds a residual", "none was given", "after the input"};
    Expect.refused(() -> prepared.run(source, destination), missing);
    Expect.refused(() -> prepared.run(INPUT, new float[4]), missing);
    String[] given = {
      "a residual was given", plain.problem().operation().toString(), "leave it out"
    };
    Expect.refused(() -> plain.run(source, residual, destination), given);
    Expect.refused(() -> plain.run(INPUT, RESIDUAL, new float[4]), given);
  }

  @Test
  void oneThatDoesNotFitIsRefused() {
    Tensor turned = backend.allocate(TensorSpec.nchw(Shape.of(2, 2, 1)));
    Expect.refused(
        () -> prepared.run(source, turned, destination),
        "residual is NCHW 1x2x2x1",
        "prepared for NCHW 1x2x1x2");
    Tensor nhwc = backend.allocate(TensorSpec.nhwc(SPEC.shape()));
    Expect.refused(() -> prepared.run(source, nhwc, destination), "residual is NHWC");
    Tensor foreign = new FakeBackend("other").allocate(SPEC);
    Expect.refused(
        () -> prepared.run(source, foreign, destination), "residual belongs to another backend");
    Expect.refused(
        () -> prepared.run(INPUT, new float[3], new float[4]), "residual values has 3 values");
    Expect.nullRefused(() -> prepared.run(source, null, destination), "residual");
    Expect.nullRefused(() -> prepared.run(INPUT, null, new float[4]), "residual");
    Expect.refused(() -> prepared.run(source, residual, source), "same tensor", "in place");
  }

  @Test
  void aClosedOneIsRefused() {
    residual.close();
    Expect.failure(
        IllegalStateException.class,
        () -> prepared.run(source, residual, destination),
        "tensor " + SPEC,
        "closed");
    destination.close();
    source.close();
    assertEquals(3, backend.released.size(), "nothing waits for a run that was refused");
  }

  @Test
  void aBackendThatCannotSaysSo() {
    backend.addsResiduals = false;
    BackendException failure =
        Expect.failure(
            BackendException.class,
            () -> backend.prepare(Problem.of(CONV, SPEC), WEIGHTS),
            "does not support " + CONV,
            "adds no residual");
    assertEquals("fake", failure.device());
  }

  @Test
  void warmingUpGivesOne() {
    WarmUp.run(prepared, Duration.ofMillis(1));
    String tensor = "tensor " + SPEC;
    assertEquals(List.of(tensor, tensor, tensor), backend.released);
  }
}
