package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * The numbers for one convolution: the same for the same seed, on every machine.
 *
 * @param input in N, C, H, W order
 * @param residual in N, C, H, W order, where the convolution adds one
 * @param exact whether every intermediate sum, in any order, is exact in float32, so that a correct
 *     result is equal to the reference
 */
public record TestData(
    DataKind kind, float[] input, Weights weights, Optional<float[]> residual, boolean exact) {

  /** Whole numbers up to this one are exact in float32. */
  private static final double EXACT_LIMIT = 0x1p24;

  private static final float[] SPECIAL = {
    Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
  };

  /** The largest magnitudes of whole numbers; a residual's are those of a bias. */
  private record Ranges(int input, int filter, int bias) {}

  // The small ones first keep most sums of a clamped activation between its limits.
  private static final Ranges[] RANGES = {
    new Ranges(3, 2, 4), new Ranges(2, 1, 2), new Ranges(1, 1, 1)
  };
  private static final Ranges CLAMPED = new Ranges(3, 1, 3);

  /** The numbers of this kind for a convolution on an input of this shape. */
  public static TestData of(Convolution convolution, Shape input, DataKind kind, long seed) {
    SplittableRandom random = new SplittableRandom(seed ^ (0x5eed + kind.ordinal()));
    if (kind == DataKind.INTEGERS) {
      Ranges ranges = ranges(convolution);
      float[] values = integers(random, input.elements(), ranges.input);
      Weights weights =
          switch (convolution) {
            case Conv2d conv -> integerWeights(random, conv, ranges);
            case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
                new SeparableWeights(
                    integerWeights(random, depthwise, ranges),
                    integerWeights(random, pointwise, ranges));
          };
      Optional<float[]> residual =
          residual(convolution, input, count -> integers(random, count, ranges.bias));
      return new TestData(kind, values, weights, residual, isExact(convolution, ranges));
    }
    float[] values = floatInput(random, input.elements(), kind);
    Weights weights =
        switch (convolution) {
          case Conv2d conv -> floatWeights(random, conv);
          case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
              new SeparableWeights(
                  floatWeights(random, depthwise), floatWeights(random, pointwise));
        };
    Optional<float[]> residual =
        residual(convolution, input, count -> floatInput(random, count, kind));
    return new TestData(kind, values, weights, residual, false);
  }

  private static Optional<float[]> residual(
      Convolution convolution, Shape input, IntFunction<float[]> values) {
    return convolution.residual()
        ? Optional.of(values.apply(convolution.outputShape(input).elements()))
        : Optional.empty();
  }

  /** All inputs of a problem of this convolution, each in the order of its layout. */
  public float[][] inputs(Problem problem) {
    List<float[]> values = new ArrayList<>();
    values.add(input);
    residual.ifPresent(values::add);
    float[][] inputs = new float[values.size()][];
    for (int i = 0; i < inputs.length; i++) {
      TensorSpec spec = problem.inputs().get(i);
      inputs[i] = Layout.NCHW.convert(spec.shape(), values.get(i), spec.layout());
    }
    return inputs;
  }

  /** The same with another input. */
  public TestData withInput(float[] other) {
    return new TestData(kind, other, weights, residual, exact);
  }

  /** The numbers of this kind for a case. */
  public static TestData of(ShapeCase shape, DataKind kind, long seed) {
    return of(shape.convolution(), shape.input(), kind, seed);
  }

  private static Ranges ranges(Convolution convolution) {
    if (clamps(convolution) && isExact(convolution, CLAMPED)) {
      return CLAMPED;
    }
    for (Ranges ranges : RANGES) {
      if (isExact(convolution, ranges)) {
        return ranges;
      }
    }
    return RANGES[RANGES.length - 1];
  }

  private static boolean clamps(Convolution convolution) {
    return switch (convolution) {
      case Conv2d conv ->
          conv.activation() instanceof Activation.Relu6
              || conv.activation() instanceof Activation.Clamp;
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
          clamps(depthwise) || clamps(pointwise);
    };
  }

  private static boolean isExact(Convolution convolution, Ranges ranges) {
    Magnitude input = new Magnitude(ranges.input, 0);
    return switch (convolution) {
      case Conv2d conv -> input.after(conv, ranges).exact();
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        Magnitude between = input.after(depthwise, ranges);
        yield between.exact() && between.after(pointwise, ranges).exact();
      }
    };
  }

  /**
   * How large numbers can be, and how many bits they have behind the binary point.
   *
   * @param fractionBits -1 if they are no binary fractions at all
   */
  private record Magnitude(double largest, int fractionBits) {

    boolean exact() {
      return fractionBits >= 0 && largest * Math.scalb(1.0, fractionBits) <= EXACT_LIMIT;
    }

    Magnitude after(Conv2d conv, Ranges ranges) {
      double sum = largest * ranges.filter * conv.productsPerOutput() + ranges.bias;
      sum += conv.residual() ? ranges.bias : 0;
      return switch (conv.activation()) {
        case Activation.None _, Activation.Relu _ -> new Magnitude(sum, fractionBits);
        case Activation.Relu6 _ -> fits(sum) ? new Magnitude(6, fractionBits) : NOT_EXACT;
        case Activation.LeakyRelu(float slope) -> {
          int exponent = slope == 0 ? 0 : Math.getExponent(slope);
          boolean powerOfTwo = slope == 0 || slope == Math.scalb(1f, exponent);
          yield powerOfTwo ? new Magnitude(sum, fractionBits - exponent) : NOT_EXACT;
        }
        case Activation.Clamp(float min, float max) ->
            wholeOrInfinite(min) && wholeOrInfinite(max)
                ? new Magnitude(Math.max(sum, Math.max(finite(min), finite(max))), fractionBits)
                : NOT_EXACT;
        case Activation.HardSwish _,
            Activation.Silu _,
            Activation.Sigmoid _,
            Activation.HardSigmoid _,
            Activation.Gelu _,
            Activation.Tanh _ ->
            NOT_EXACT;
      };
    }

    private boolean fits(double sum) {
      return new Magnitude(sum, fractionBits).exact();
    }

    private static final Magnitude NOT_EXACT = new Magnitude(0, -1);

    private static boolean wholeOrInfinite(float bound) {
      return Float.isInfinite(bound) || bound == Math.rint(bound);
    }

    private static double finite(float bound) {
      return Float.isInfinite(bound) ? 0 : Math.abs(bound);
    }
  }

  private static ConvWeights integerWeights(SplittableRandom random, Conv2d conv, Ranges ranges) {
    ConvWeights weights = ConvWeights.of(integers(random, conv.filterSize(), ranges.filter));
    return conv.bias()
        ? weights.withBias(integers(random, conv.outChannels(), ranges.bias))
        : weights;
  }

  private static ConvWeights floatWeights(SplittableRandom random, Conv2d conv) {
    ConvWeights weights = ConvWeights.of(floats(random, conv.filterSize(), 1));
    return conv.bias() ? weights.withBias(floats(random, conv.outChannels(), 2)) : weights;
  }

  private static float[] integers(SplittableRandom random, int count, int largest) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(-largest, largest + 1);
    }
    return values;
  }

  private static float[] floatInput(SplittableRandom random, int count, DataKind kind) {
    float[] values = floats(random, count, 2);
    if (kind == DataKind.NOT_FINITE) {
      int first = random.nextInt(SPECIAL.length);
      int specials = Math.max(1, values.length / 64);
      for (int i = 0; i < specials; i++) {
        values[random.nextInt(values.length)] = SPECIAL[(first + i) % SPECIAL.length];
      }
    }
    return values;
  }

  /** For each input of a problem even random values between -1 and 1, in any layout. */
  public static float[][] evenInputs(Problem problem, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return problem.inputs().stream()
        .map(spec -> floats(random, spec.shape().elements(), 1))
        .toArray(float[][]::new);
  }

  private static float[] floats(SplittableRandom random, int count, float limit) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = limit * (random.nextFloat() * 2 - 1);
    }
    return values;
  }
}
