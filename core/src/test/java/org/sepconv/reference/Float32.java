package org.sepconv.reference;

import java.util.Arrays;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;

/** Correct float32 convolutions (NCHW) that differ in how they sum, as real kernels do. */
final class Float32 {

  /** An order of summation. */
  enum Order {
    FORWARD,
    BACKWARD,
    PAIRWISE,
    FMA,
    FOUR_FMA_LANES
  }

  private Float32() {}

  static float[] run(
      Convolution convolution,
      Weights weights,
      Shape input,
      float[] values,
      Optional<float[]> residual,
      Order order) {
    return switch (convolution) {
      case Conv2d conv -> conv2d(conv, (ConvWeights) weights, input, values, residual, order);
      case SeparableConv2d both -> {
        SeparableWeights stages = (SeparableWeights) weights;
        Shape middle = both.depthwise().outputShape(input);
        float[] between =
            conv2d(both.depthwise(), stages.depthwise(), input, values, Optional.empty(), order);
        yield conv2d(both.pointwise(), stages.pointwise(), middle, between, residual, order);
      }
    };
  }

  private static float[] conv2d(
      Conv2d conv,
      ConvWeights weights,
      Shape in,
      float[] values,
      Optional<float[]> residual,
      Order order) {
    ConvGeometry geometry = conv.geometry(in);
    Shape out = geometry.output();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(out.c());
    float[] added = residual.orElse(new float[out.elements()]);
    float[] result = new float[out.elements()];
    int channels = conv.channelsPerGroup();
    float[] a = new float[conv.productsPerOutput()];
    float[] b = new float[conv.productsPerOutput()];
    int target = 0;
    for (int n = 0; n < out.n(); n++) {
      for (int o = 0; o < out.c(); o++) {
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            int count = 0;
            for (int c = 0; c < channels; c++) {
              for (int i = geometry.firstTapRow(y); i < geometry.endTapRow(y); i++) {
                for (int j = geometry.firstTapColumn(x); j < geometry.endTapColumn(x); j++) {
                  a[count] =
                      values[
                          Layout.NCHW.index(
                              in,
                              n,
                              o / conv.outputsPerGroup() * channels + c,
                              geometry.inputRow(y) + i * conv.dilationH(),
                              geometry.inputColumn(x) + j * conv.dilationW())];
                  b[count++] =
                      filter[((o * channels + c) * conv.kernelH() + i) * conv.kernelW() + j];
                }
              }
            }
            float sum = sum(a, b, count, bias[o], added[target], order);
            result[target++] = activate(conv.activation(), sum);
          }
        }
      }
    }
    return result;
  }

  private static float sum(
      float[] a, float[] b, int count, float bias, float residual, Order order) {
    float sum = 0;
    switch (order) {
      case FORWARD:
        for (int i = 0; i < count; i++) {
          sum += a[i] * b[i];
        }
        return sum + bias + residual;
      case BACKWARD:
        sum = residual + bias;
        for (int i = count - 1; i >= 0; i--) {
          sum += a[i] * b[i];
        }
        return sum;
      case FMA:
        sum = bias;
        for (int i = 0; i < count; i++) {
          sum = Math.fma(a[i], b[i], sum);
        }
        return sum + residual;
      case FOUR_FMA_LANES:
        float[] lanes = new float[4];
        for (int i = 0; i < count; i++) {
          lanes[i % 4] = Math.fma(a[i], b[i], lanes[i % 4]);
        }
        return (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + (residual + bias);
      case PAIRWISE:
        float[] terms = new float[count + 2];
        for (int i = 0; i < count; i++) {
          terms[i] = a[i] * b[i];
        }
        terms[count] = bias;
        terms[count + 1] = residual;
        return pairwise(terms);
    }
    throw new AssertionError(order);
  }

  private static float pairwise(float[] terms) {
    if (terms.length == 1) {
      return terms[0];
    }
    int half = terms.length / 2;
    return pairwise(Arrays.copyOf(terms, half))
        + pairwise(Arrays.copyOfRange(terms, half, terms.length));
  }

  static float activate(Activation activation, float x) {
    return switch (activation) {
      case Activation.None _ -> x;
      case Activation.Relu _ -> Math.max(x, 0);
      case Activation.Relu6 _ -> Math.min(Math.max(x, 0), 6);
      case Activation.HardSwish _ -> x <= -3 ? 0 : x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case Activation.Silu _ -> silu(x, 0);
      case Activation.Sigmoid _ -> sigmoid(x, 0);
      case Activation.HardSigmoid _ -> Math.min(Math.max(x + 3, 0), 6) / 6;
      case Activation.Gelu _ -> gelu(x, 0);
      case Activation.Tanh _ -> (float) Math.tanh(x);
      case Activation.LeakyRelu leaky -> x > 0 ? x : x * leaky.slope();
      case Activation.Clamp clamp -> Math.min(Math.max(x, clamp.min()), clamp.max());
    };
  }

  /** Sigmoid with an exponential that is wrong by some units in the last place. */
  static float sigmoid(float x, int ulps) {
    float exp = (float) Math.exp(-x);
    if (Float.isFinite(exp)) {
      exp += ulps * Math.ulp(exp);
    }
    return 1 / (1 + exp);
  }

  /** GELU with an erf that is wrong by some units in the last place, where it is not -1 or 1. */
  static float gelu(float x, int ulps) {
    // In float64 the GELU is exact to 1e-15, and so is the erf that it must have come from.
    double erf = x == 0 ? 0 : 2 * Activation.GELU.apply(x) / x - 1;
    float rounded = Float.isInfinite(x) ? Math.signum(x) : (float) erf;
    if (Math.abs(rounded) < 1) {
      rounded = Math.clamp(rounded + ulps * Math.ulp(rounded), -1f, 1f);
    }
    return x == Float.NEGATIVE_INFINITY ? 0 : x * 0.5f * (1 + rounded);
  }

  /** SiLU with an exponential that is wrong by some units in the last place. */
  static float silu(float x, int ulps) {
    float exp = (float) Math.exp(-x);
    if (Float.isFinite(exp)) {
      exp += ulps * Math.ulp(exp);
    }
    return x == Float.NEGATIVE_INFINITY ? 0 : x / (1 + exp);
  }
}
