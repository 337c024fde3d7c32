package org.sepconv.reference;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * The definition of every {@link Convolution}: a plain loop in float64, written to be read.
 *
 * <p>Beside each value it computes how far a correct float32 implementation can be from it: {@code
 * gamma(n) * sum |x||w|} with {@code gamma(n) = n u / (1 - n u)}, {@code u = 2^-24} and n the
 * products summed, plus one for the bias (Higham, Accuracy and Stability of Numerical Algorithms,
 * section 3.1). The bound holds for every order of summation, with and without fused multiply-add.
 */
public final class Reference {

  private Reference() {}

  /**
   * What a convolution must compute.
   *
   * @param spec shape and layout of the output
   * @param values the exact results, rounded to float64
   * @param bounds for each value, the largest error of a correct float32 result; infinite where
   *     float32 may overflow on the way, and nothing can be promised
   */
  public record Result(TensorSpec spec, double[] values, double[] bounds) {

    /**
     * Whether a float32 result is correct at this index: within the bound, or NaN or the same
     * infinity where the exact value is one. A finite value beyond the range of float32 may have
     * become an infinity.
     */
    public boolean accepts(int index, float actual) {
      double expected = values[index];
      double bound = bounds[index];
      if (bound == Double.POSITIVE_INFINITY) {
        return true;
      }
      if (Double.isNaN(expected)) {
        return Float.isNaN(actual);
      }
      if (Double.isInfinite(expected)) {
        return actual == expected;
      }
      if (Float.isInfinite(actual)) {
        return Math.signum(expected) == Math.signum(actual)
            && Math.abs(expected) + bound > Float.MAX_VALUE;
      }
      return Math.abs(actual - expected) <= bound;
    }
  }

  /**
   * Computes a convolution.
   *
   * @param input values in the order of {@code source}
   * @return the output in the same layout
   * @throws IllegalArgumentException if weights or input do not match the convolution
   */
  public static Result run(
      Convolution convolution, Weights weights, TensorSpec source, float[] input) {
    weights.checkMatches(convolution);
    source.shape().checkLength("input", input.length);
    double[] exact = new double[input.length];
    for (int i = 0; i < input.length; i++) {
      exact[i] = input[i];
    }
    Result given = new Result(source, exact, new double[input.length]);
    return switch (convolution) {
      case Conv2d conv -> conv2d(conv, (ConvWeights) weights, given);
      case SeparableConv2d separable -> {
        SeparableWeights both = (SeparableWeights) weights;
        Result between = conv2d(separable.depthwise(), both.depthwise(), given);
        yield conv2d(separable.pointwise(), both.pointwise(), between);
      }
    };
  }

  private static Result conv2d(Conv2d conv, ConvWeights weights, Result input) {
    Layout layout = input.spec().layout();
    ConvGeometry geometry = conv.geometry(input.spec().shape());
    Shape in = geometry.input();
    Shape out = geometry.output();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(out.c());
    double[] values = new double[out.elements()];
    double[] bounds = new double[out.elements()];
    int channels = conv.channelsPerGroup();

    for (int n = 0; n < out.n(); n++) {
      for (int o = 0; o < out.c(); o++) {
        int firstChannel = o / conv.outputsPerGroup() * channels;
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            double sum = bias[o];
            double positive = Double.isFinite(sum) ? Math.max(sum, 0) : 0; // sums of the finite
            double negative = Double.isFinite(sum) ? -Math.min(sum, 0) : 0; // terms of each sign
            double inherited = 0; // error that the input brings along
            for (int c = 0; c < channels; c++) {
              for (int i = 0; i < conv.kernelH(); i++) {
                int row = geometry.inputRow(y) + i * conv.dilationH();
                if (row < 0 || row >= in.h()) {
                  continue;
                }
                for (int j = 0; j < conv.kernelW(); j++) {
                  int column = geometry.inputColumn(x) + j * conv.dilationW();
                  if (column < 0 || column >= in.w()) {
                    continue;
                  }
                  double w = filter[((o * channels + c) * conv.kernelH() + i) * conv.kernelW() + j];
                  int index = layout.index(in, n, firstChannel + c, row, column);
                  double product = input.values[index] * w;
                  sum += product;
                  if (Double.isFinite(product)) {
                    positive += Math.max(product, 0);
                    negative -= Math.min(product, 0);
                  }
                  inherited += SumError.inherited(input.values[index], input.bounds[index], w);
                }
              }
            }
            int terms = conv.productsPerOutput() + (conv.bias() ? 1 : 0);
            double error = SumError.of(sum, terms, positive, negative, inherited);
            int index = layout.index(out, n, o, y, x);
            values[index] = conv.activation().apply(sum);
            bounds[index] = ActivationError.after(conv.activation(), sum, error);
          }
        }
      }
    }
    return new Result(new TensorSpec(out, layout), values, bounds);
  }
}
