package org.sepconv.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/** What the bound accepts: every correct float32 result, and as little else as it can. */
class ReferenceResultTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float MAX = Float.MAX_VALUE;

  static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.NONE,
          Activation.RELU,
          Activation.RELU6,
          Activation.HARD_SWISH,
          Activation.SILU,
          Activation.SIGMOID,
          Activation.HARD_SIGMOID,
          Activation.GELU,
          Activation.TANH,
          new Activation.LeakyRelu(0.01f),
          new Activation.Clamp(-1, 0.5f));

  /** A random convolution with its data. */
  private record Case(
      Convolution convolution,
      Weights weights,
      Shape input,
      float[] values,
      Optional<float[]> residual) {

    Case(Convolution convolution, Weights weights, Shape input, float[] values) {
      this(convolution, weights, input, values, Optional.empty());
    }

    Reference.Result reference() {
      float[][] inputs =
          Stream.concat(Stream.of(values), residual.stream()).toArray(float[][]::new);
      return Reference.run(Problem.of(convolution, TensorSpec.nchw(input)), weights, inputs);
    }

    float[] float32(Float32.Order order) {
      return Float32.run(convolution, weights, input, values, residual, order);
    }
  }

  /** Where random numbers come from. */
  private interface Numbers {
    float next(Random random);
  }

  @ParameterizedTest
  @EnumSource
  void everyOrderOfSummationIsAccepted(Float32.Order order) {
    Random random = new Random(order.ordinal());
    for (int i = 0; i < 1500; i++) {
      assertAccepted(randomCase(random, r -> r.nextFloat(-4, 4)), order);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyScaleIsAccepted(Float32.Order order) {
    Random random = new Random(100 + order.ordinal());
    for (int i = 0; i < 800; i++) {
      int least = random.nextInt(-149, 120);
      int spread = random.nextInt(1, 20);
      assertAccepted(
          randomCase(random, r -> Math.scalb(r.nextFloat(-2, 2), least + r.nextInt(spread))),
          order);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nanInfinityAndOverflowAreAccepted(Float32.Order order) {
    Random random = new Random(200 + order.ordinal());
    float[] special = {Float.NaN, INF, -INF, 0, -0f, MAX, -MAX, Float.MIN_VALUE, 1e30f, -1e-30f};
    for (int i = 0; i < 1500; i++) {
      assertAccepted(
          randomCase(
              random,
              r -> r.nextInt(6) > 0 ? r.nextFloat(-4, 4) : special[r.nextInt(special.length)]),
          order);
    }
  }

  private static void assertAccepted(Case test, Float32.Order order) {
    Reference.Result reference = test.reference();
    float[] actual = test.float32(order);
    for (int i = 0; i < actual.length; i++) {
      int index = i;
      assertTrue(
          reference.accepts(i, actual[i]),
          () ->
              "%s on %s: %s instead of %s +- %s"
                  .formatted(
                      test.convolution,
                      test.input,
                      actual[index],
                      reference.values()[index],
                      reference.bounds()[index]));
    }
  }

  @Test
  void aDroppedTapIsRefused() {
    Random random = new Random(5);
    for (int i = 0; i < 500; i++) {
      int channels = random.nextInt(1, 9);
      Conv2d conv =
          Conv2d.of(channels, 2).kernel(random.nextInt(1, 4)).bias(random.nextBoolean()).build();
      float[] filter = fill(random, conv.filterSize(), ReferenceResultTest::notTiny);
      Shape input = Shape.of(channels, 4, 4);
      float[] values = fill(random, input.elements(), ReferenceResultTest::notTiny);
      float[] bias = fill(random, 2, ReferenceResultTest::notTiny);
      Case right = new Case(conv, weights(conv, filter, bias), input, values);
      float[] dropped = filter.clone();
      dropped[random.nextInt(conv.filterSize() / 2)] = 0; // of output channel 0
      float[] wrong =
          new Case(conv, weights(conv, dropped, bias), input, values)
              .float32(Float32.Order.FORWARD);
      Reference.Result reference = right.reference();
      for (int pixel = 0; pixel < wrong.length / 2; pixel++) {
        assertFalse(reference.accepts(pixel, wrong[pixel]), conv.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tightCases")
  void float16IsRefused(Convolution convolution) {
    Random random = new Random(6);
    Numbers numbers = r -> r.nextFloat(-1, 1);
    Shape input = Shape.of(convolution.inChannels(), 6, 6);
    Case test =
        new Case(
            convolution,
            randomWeights(random, convolution, numbers),
            input,
            fill(random, input.elements(), numbers));
    Reference.Result reference = test.reference();
    float[] rounded = test.float32(Float32.Order.FMA);
    float[] half = new float[input.elements()];
    for (int i = 0; i < half.length; i++) {
      half[i] = Float.float16ToFloat(Float.floatToFloat16(test.values[i]));
    }
    float[] fromHalf = new Case(convolution, test.weights, input, half).float32(Float32.Order.FMA);
    int refusedOutputs = 0;
    int refusedInputs = 0;
    for (int i = 0; i < rounded.length; i++) {
      float output = Float.float16ToFloat(Float.floatToFloat16(rounded[i]));
      refusedOutputs += reference.accepts(i, output) ? 0 : 1;
      refusedInputs += reference.accepts(i, fromHalf[i]) ? 0 : 1;
    }
    assertTrue(refusedOutputs > 0.8 * rounded.length, refusedOutputs + " of " + rounded.length);
    assertTrue(refusedInputs > 0.8 * rounded.length, refusedInputs + " of " + rounded.length);
  }

  static List<Convolution> tightCases() {
    return List.of(
        Conv2d.depthwise(8).kernel(3).same().build(),
        Conv2d.pointwise(32, 8).bias().build(),
        Conv2d.of(4, 4).kernel(3).same().bias().build(),
        SeparableConv2d.of(8, 8).same().bias().build());
  }

  @Test
  void theBoundIsGammaTimesTheMagnitude() {
    // Two products of magnitude 3 * 5 and 2 * 7, and a bias of 1: gamma(3) * 30.
    Conv2d conv = Conv2d.pointwise(2, 1).bias().build();
    Reference.Result result =
        Reference.run(
            onePixel(conv),
            ConvWeights.of(new float[] {5, -7}, new float[] {1}),
            new float[] {3, 2});
    double u = Math.pow(2, -24);
    double bound = 3 * u / (1 - 3 * u) * 30;
    assertEquals(2, result.values()[0]);
    assertEquals(bound, result.bounds()[0], 1e-12 * bound);
    assertTrue(result.accepts(0, (float) (2 + 0.99 * bound)));
    assertFalse(result.accepts(0, (float) (2 + 1.1 * bound)));
    assertFalse(result.accepts(0, (float) (2 - 1.1 * bound)));
    assertFalse(result.accepts(0, Float.NaN));
    assertFalse(result.accepts(0, INF));
  }

  @Test
  void aResidualIsOneMoreTerm() {
    // Two products of magnitude 3 * 5 and 2 * 7, a bias of 1, a residual of -4: gamma(4) * 34.
    Conv2d conv = Conv2d.pointwise(2, 1).bias().residual().build();
    Reference.Result result =
        Reference.run(
            onePixel(conv),
            ConvWeights.of(new float[] {5, -7}, new float[] {1}),
            new float[] {3, 2},
            new float[] {-4});
    double u = Math.pow(2, -24);
    double bound = 4 * u / (1 - 4 * u) * 34;
    assertEquals(-2, result.values()[0]);
    assertEquals(bound, result.bounds()[0], 1e-12 * bound);
  }

  @Test
  void zerosAreEqualWhateverTheirSign() {
    Reference.Result result = pointwise(new float[] {0}, 1);
    assertTrue(result.accepts(0, -0f));
    assertTrue(result.accepts(0, 0f));
  }

  @Test
  void nanAndInfinityAreExpectedExactly() {
    Reference.Result nan = pointwise(new float[] {Float.NaN}, 1);
    assertTrue(nan.accepts(0, Float.NaN));
    assertFalse(nan.accepts(0, 0));
    assertFalse(nan.accepts(0, INF));
    Reference.Result infinite = pointwise(new float[] {INF}, -1);
    assertTrue(infinite.accepts(0, -INF));
    assertFalse(infinite.accepts(0, INF));
    assertFalse(infinite.accepts(0, -MAX));
    assertFalse(infinite.accepts(0, Float.NaN));
  }

  @Test
  void whatAnActivationMakesOfInfinityIsExact() {
    for (Activation activation : List.of(Activation.RELU6, new Activation.Clamp(-1, 6))) {
      Reference.Result six = resultOf(activation, INF);
      assertTrue(six.accepts(0, 6));
      assertFalse(six.accepts(0, 5.9999f));
      assertFalse(six.accepts(0, 0));
    }
    for (Activation activation :
        List.of(
            Activation.RELU,
            Activation.HARD_SWISH,
            Activation.SILU,
            Activation.SIGMOID,
            Activation.HARD_SIGMOID,
            Activation.GELU)) {
      Reference.Result zero = resultOf(activation, -INF);
      assertTrue(zero.accepts(0, 0));
      assertFalse(zero.accepts(0, 1e-6f));
      assertFalse(zero.accepts(0, Float.NaN));
    }
  }

  private static Problem onePixel(Convolution convolution) {
    return Problem.of(convolution, TensorSpec.nchw(Shape.of(convolution.inChannels(), 1, 1)));
  }

  static Reference.Result resultOf(Activation activation, float x) {
    return Reference.run(
        onePixel(Conv2d.pointwise(1, 1).activation(activation).build()),
        ConvWeights.of(new float[] {1}),
        new float[] {x});
  }

  @Test
  void aSaturatedInfinityTimesZeroIsZero() {
    SeparableConv2d separable =
        SeparableConv2d.of(1, 1).kernel(1).activation(Activation.RELU6, Activation.NONE).build();
    Reference.Result result =
        Reference.run(
            onePixel(separable),
            new SeparableWeights(ConvWeights.of(new float[] {1}), ConvWeights.of(new float[] {0})),
            new float[] {INF});
    assertEquals(0, result.values()[0]);
    assertTrue(result.accepts(0, 0));
    assertFalse(result.accepts(0, 1));
  }

  @Test
  void overflowGivesTheInfinityOfItsSign() {
    Reference.Result result = pointwise(new float[] {MAX}, 2);
    assertTrue(result.accepts(0, INF));
    assertFalse(result.accepts(0, -INF));
    assertFalse(result.accepts(0, Float.NaN));
    assertFalse(result.accepts(0, 1));
  }

  @Test
  void overflowOnTheWayPromisesNothing() {
    // MAX + MAX - MAX is infinite forwards, MAX backwards; in pairs, with another -MAX, NaN.
    Reference.Result result = pointwise(new float[] {MAX, MAX, -MAX}, 1, 1, 1);
    assertTrue(result.accepts(0, INF));
    assertTrue(result.accepts(0, MAX));
    Reference.Result pairs = pointwise(new float[] {MAX, MAX, -MAX, -MAX}, 1, 1, 1, 1);
    assertTrue(pairs.accepts(0, Float.NaN));
    assertTrue(pairs.accepts(0, 0));
  }

  @Test
  void aMeanWhoseSumOverflowsPromisesNothing() {
    Reference.Result sumOverflows = mean(MAX, MAX / 2);
    assertTrue(sumOverflows.accepts(0, INF));
    assertTrue(sumOverflows.accepts(0, MAX / 4 * 3));
    Reference.Result large = mean(MAX / 2, MAX / 4);
    assertTrue(large.accepts(0, MAX / 8 * 3));
    assertFalse(large.accepts(0, INF));
    Reference.Result infinite = mean(INF, 1);
    assertTrue(infinite.accepts(0, INF));
    assertFalse(infinite.accepts(0, MAX));
  }

  private static Reference.Result mean(float... values) {
    Problem problem =
        Problem.of(
            Reduce.globalAveragePool(), List.of(TensorSpec.nchw(Shape.of(1, 1, values.length))));
    return Reference.run(problem, Weights.none(), values);
  }

  @Test
  void gammaGrowsWithTheProducts() {
    double u = Math.pow(2, -24);
    assertEquals(u / (1 - u), SumError.gamma(1));
    assertEquals(1000 * u / (1 - 1000 * u), SumError.gamma(1000));
    // Beyond 2^24 products the theorem says nothing; a negative bound would refuse everything.
    assertEquals(Double.POSITIVE_INFINITY, SumError.gamma(1 << 24));
    assertEquals(Double.POSITIVE_INFINITY, SumError.gamma(Integer.MAX_VALUE));
  }

  private static Reference.Result pointwise(float[] input, float... filter) {
    return Reference.run(
        onePixel(Conv2d.pointwise(input.length, 1).build()), ConvWeights.of(filter), input);
  }

  private static Case randomCase(Random random, Numbers numbers) {
    int groups = random.nextInt(1, 4);
    int in = groups * random.nextInt(1, 6);
    Activation first = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
    Activation second = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
    Convolution convolution;
    if (random.nextBoolean()) {
      convolution =
          SeparableConv2d.of(in, random.nextInt(1, 6))
              .kernel(random.nextInt(1, 4), random.nextInt(1, 4))
              .depthMultiplier(random.nextInt(1, 3))
              .padding(3)
              .bias(random.nextBoolean(), random.nextBoolean())
              .activation(first, second)
              .residual(random.nextBoolean())
              .build();
    } else {
      convolution =
          Conv2d.of(in, groups * random.nextInt(1, 4))
              .kernel(random.nextInt(1, 5), random.nextInt(1, 5))
              .stride(random.nextInt(1, 3))
              .dilation(random.nextInt(1, 3))
              .padding(4)
              .groups(groups)
              .bias(random.nextBoolean())
              .activation(first)
              .residual(random.nextBoolean())
              .build();
    }
    Shape input = Shape.of(in, random.nextInt(1, 4), random.nextInt(1, 4));
    return new Case(
        convolution,
        randomWeights(random, convolution, numbers),
        input,
        fill(random, input.elements(), numbers),
        convolution.residual()
            ? Optional.of(fill(random, convolution.outputShape(input).elements(), numbers))
            : Optional.empty());
  }

  private static Weights randomWeights(Random random, Convolution convolution, Numbers numbers) {
    return switch (convolution) {
      case Conv2d conv ->
          weights(
              conv,
              fill(random, conv.filterSize(), numbers),
              fill(random, conv.outChannels(), numbers));
      case SeparableConv2d both ->
          new SeparableWeights(
              (ConvWeights) randomWeights(random, both.depthwise(), numbers),
              (ConvWeights) randomWeights(random, both.pointwise(), numbers));
    };
  }

  private static ConvWeights weights(Conv2d conv, float[] filter, float[] bias) {
    return conv.bias() ? ConvWeights.of(filter, bias) : ConvWeights.of(filter);
  }

  /** In [-1, -0.5) or [0.5, 1): a product of two is far above the bound of a sum of 72. */
  private static float notTiny(Random random) {
    return random.nextFloat(0.5f, 1) * (random.nextBoolean() ? 1 : -1);
  }

  private static float[] fill(Random random, int count, Numbers numbers) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = numbers.next(random);
    }
    return values;
  }
}
