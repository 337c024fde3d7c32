package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.reference.Reference;

class BatchNormTest {

  @Test
  void foldsByHand() {
    // scale = 3 / sqrt(3 + 1) = 1.5; bias = (2 - 4) * 1.5 + 0.5 = -2.5
    BatchNorm norm = norm(3, 0.5f, 4, 3, 1);
    Conv2d conv = Conv2d.pointwise(2, 1).bias().relu().build();
    BatchNorm.Folded folded =
        norm.fold(conv, ConvWeights.of(new float[] {10, -1}, new float[] {2}));
    assertEquals(conv, folded.conv());
    assertEquals(ConvWeights.of(new float[] {15, -1.5f}, new float[] {-2.5f}), folded.weights());
  }

  @Test
  void aConvolutionWithoutBiasGetsOne() {
    Conv2d conv = Conv2d.pointwise(1, 1).build();
    BatchNorm.Folded folded = norm(3, 0.5f, 4, 3, 1).fold(conv, ConvWeights.of(new float[] {10}));
    assertEquals(conv.withBias(true), folded.conv());
    assertArrayEquals(new float[] {-5.5f}, folded.weights().bias().orElseThrow());
  }

  /** Convolution, batch norm and activation in float64, against the folded convolution. */
  @ParameterizedTest(name = "groups {0}, bias {1}, {2}")
  @CsvSource({
    "1, false, none",
    "1, true, relu6",
    "2, true, hard_swish",
    "4, false, silu",
    "4, true, leaky_relu:0.1",
  })
  void computesWhatTheUnfoldedOnesDo(int groups, boolean bias, String activation) {
    Random random = new Random(42 + groups);
    Conv2d conv =
        Conv2d.of(4, 8)
            .kernel(3, 2)
            .groups(groups)
            .same()
            .bias(bias)
            .activation(Activation.parse(activation))
            .build();
    float[] filter = floats(random, conv.filterSize(), -1, 1);
    ConvWeights weights =
        bias ? ConvWeights.of(filter, floats(random, 8, -1, 1)) : ConvWeights.of(filter);
    float[] gamma = floats(random, 8, -2, 2);
    float[] beta = floats(random, 8, -1, 1);
    float[] mean = floats(random, 8, -1, 1);
    float[] variance = floats(random, 8, 0, 2);
    BatchNorm norm = new BatchNorm(gamma, beta, mean, variance, 1e-3);
    TensorSpec source = TensorSpec.nchw(new Shape(2, 4, 5, 3));
    float[] input = floats(random, source.shape().elements(), -1, 1);

    Conv2d linear = conv.withActivation(Activation.NONE);
    double[] before = Reference.run(Problem.of(linear, source), weights, input).values();
    BatchNorm.Folded folded = norm.fold(conv, weights);
    double[] actual =
        Reference.run(Problem.of(folded.conv(), source), folded.weights(), input).values();
    int pixels = 5 * 3;
    for (int i = 0; i < before.length; i++) {
      int o = i / pixels % 8;
      double normal = (before[i] - mean[o]) / Math.sqrt(variance[o] + 1e-3) * gamma[o] + beta[o];
      // The folded values are rounded to float32 once: 2^-24 of terms that sum to at most 200.
      assertEquals(conv.activation().apply(normal), actual[i], 200 * 0x1p-24);
    }
  }

  @Test
  void aZeroVarianceNeedsAnEpsilon() {
    norm(1, 0, 0, 0, 1e-3);
    Expect.refused(() -> norm(1, 0, 0, 0, 0), "variance[0] + epsilon is 0.0", "positive");
  }

  @ParameterizedTest
  @ValueSource(floats = {-1e-6f, -1, Float.NEGATIVE_INFINITY, Float.NaN})
  void aVarianceIsNotNegative(float variance) {
    // Not even where epsilon would make the sum positive.
    Expect.refused(() -> norm(1, 0, 0, variance, 1e-3), "variance[0] is " + variance);
    Expect.refused(() -> norm(1, 0, 0, variance, 10), "variance[0] is " + variance);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-6, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void epsilonIsNotNegative(double epsilon) {
    Expect.refused(() -> norm(1, 0, 0, 1, epsilon), "epsilon is " + epsilon);
  }

  @Test
  void lengthsMustMatch() {
    float[] two = new float[2];
    float[] one = {1};
    Expect.refused(() -> new BatchNorm(one, two, one, one, 1), "beta has 2 values", "gamma has 1");
    Expect.refused(() -> new BatchNorm(one, one, two, one, 1), "mean has 2 values");
    Expect.refused(() -> new BatchNorm(one, one, one, two, 1), "variance has 2 values");
    Expect.refused(
        () -> norm(1, 0, 0, 1, 0).fold(Conv2d.pointwise(1, 2).build(), ConvWeights.of(two)),
        "batch norm has 1 channels",
        "2 output channels");
    Expect.refused(
        () -> norm(1, 0, 0, 1, 0).fold(Conv2d.pointwise(1, 1).build(), ConvWeights.of(two)),
        "filter has 2 values");
  }

  @Test
  void nullsAreNamed() {
    float[] one = {1};
    Expect.nullRefused(() -> new BatchNorm(null, one, one, one, 1), "gamma");
    Expect.nullRefused(() -> new BatchNorm(one, null, one, one, 1), "beta");
    Expect.nullRefused(() -> new BatchNorm(one, one, null, one, 1), "mean");
    Expect.nullRefused(() -> new BatchNorm(one, one, one, null, 1), "variance");
  }

  @Test
  void arraysAreCopiedInAndOut() {
    float[] values = {1};
    BatchNorm norm = new BatchNorm(values, values, values, values, 0);
    values[0] = -9;
    norm.gamma()[0] = -9;
    norm.beta()[0] = -9;
    norm.mean()[0] = -9;
    norm.variance()[0] = -9;
    assertEquals(norm(1, 1, 1, 1, 0), norm);
  }

  @Test
  void isEqualByValue() {
    BatchNorm norm = norm(1, 2, 3, 4, 5);
    assertEquals(norm(1, 2, 3, 4, 5).hashCode(), norm.hashCode());
    assertNotEquals(norm(9, 2, 3, 4, 5), norm);
    assertNotEquals(norm(1, 9, 3, 4, 5), norm);
    assertNotEquals(norm(1, 2, 9, 4, 5), norm);
    assertNotEquals(norm(1, 2, 3, 9, 5), norm);
    assertNotEquals(norm(1, 2, 3, 4, 9), norm);
    assertEquals("BatchNorm[1 channels, epsilon 5.0]", norm.toString());
  }

  private static BatchNorm norm(
      float gamma, float beta, float mean, float variance, double epsilon) {
    return new BatchNorm(
        new float[] {gamma},
        new float[] {beta},
        new float[] {mean},
        new float[] {variance},
        epsilon);
  }

  private static float[] floats(Random random, int count, float from, float to) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat(from, to);
    }
    return values;
  }
}
