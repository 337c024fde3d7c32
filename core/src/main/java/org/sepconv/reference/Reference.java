package org.sepconv.reference;

import java.util.Optional;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * The definition of every {@link org.sepconv.Convolution}: a plain loop in float64, written to be
 * read.
 *
 * <p>Beside each value it computes how far a correct float32 implementation can be from it: {@code
 * gamma(n) * (sum |x||w| + |bias| + |residual|)} with {@code gamma(n) = n u / (1 - n u)}, {@code u
 * = 2^-24} and n the terms summed, that is products, the bias and the residual (Higham, Accuracy
 * and Stability of Numerical Algorithms, section 3.1). The bound holds for every order of
 * summation, with and without fused multiply-add.
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
   * @param inputs values of each input in the order of its layout
   * @return the output in the layout of the problem
   * @throws IllegalArgumentException if weights or inputs do not match the convolution
   */
  public static Result run(Problem problem, Weights weights, float[]... inputs) {
    weights.checkMatches(problem.operation());
    if (inputs.length != problem.inputs().size()) {
      throw new IllegalArgumentException(
          "%d inputs were given, but %s takes %d"
              .formatted(inputs.length, problem.operation(), problem.inputs().size()));
    }
    for (int i = 0; i < inputs.length; i++) {
      problem
          .inputs()
          .get(i)
          .shape()
          .checkLength(problem.operation().inputName(i), inputs[i].length);
    }
    double[] exact = new double[inputs[0].length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = inputs[0][i];
    }
    Result given = new Result(problem.source(), exact, new double[exact.length]);
    Layout layout = problem.destination().layout();
    Optional<float[]> residual =
        inputs.length > 1
            ? Optional.of(ordered(problem.inputs().get(1), inputs[1], layout))
            : Optional.empty();
    return switch (problem.operation()) {
      case Conv2d conv -> conv2d(conv, (ConvWeights) weights, given, layout, residual);
      case SeparableConv2d separable -> {
        SeparableWeights both = (SeparableWeights) weights;
        Result between =
            conv2d(separable.depthwise(), both.depthwise(), given, layout, Optional.empty());
        yield conv2d(separable.pointwise(), both.pointwise(), between, layout, residual);
      }
      case Add _, GlobalAveragePool _ ->
          throw new IllegalArgumentException(
              "the reference computes convolutions only, not " + problem.operation());
    };
  }

  private static float[] ordered(TensorSpec spec, float[] values, Layout layout) {
    return spec.layout().convert(spec.shape(), values, layout);
  }

  private static Result conv2d(
      Conv2d conv, ConvWeights weights, Result input, Layout layout, Optional<float[]> residual) {
    Layout inputLayout = input.spec().layout();
    ConvGeometry geometry = conv.geometry(input.spec().shape());
    Shape in = geometry.input();
    Shape out = geometry.output();
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(out.c());
    float[] added = residual.orElseGet(() -> new float[out.elements()]);
    double[] values = new double[out.elements()];
    double[] bounds = new double[out.elements()];
    int channels = conv.channelsPerGroup();

    for (int n = 0; n < out.n(); n++) {
      for (int o = 0; o < out.c(); o++) {
        int firstChannel = o / conv.outputsPerGroup() * channels;
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            int index = layout.index(out, n, o, y, x);
            double sum = (double) bias[o] + added[index];
            double positive = positive(bias[o]) + positive(added[index]); // sums of the finite
            double negative = positive(-bias[o]) + positive(-added[index]); // terms of each sign
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
                  int source = inputLayout.index(in, n, firstChannel + c, row, column);
                  double product = input.values[source] * w;
                  sum += product;
                  positive += positive(product);
                  negative += positive(-product);
                  inherited += SumError.inherited(input.values[source], input.bounds[source], w);
                }
              }
            }
            int terms =
                conv.productsPerOutput() + (conv.bias() ? 1 : 0) + (conv.residual() ? 1 : 0);
            double error = SumError.of(sum, terms, positive, negative, inherited);
            values[index] = conv.activation().apply(sum);
            bounds[index] = ActivationError.after(conv.activation(), sum, error);
          }
        }
      }
    }
    return new Result(new TensorSpec(out, layout), values, bounds);
  }

  /** The term where it is finite and positive, else 0. */
  private static double positive(double term) {
    return Double.isFinite(term) ? Math.max(term, 0) : 0;
  }
}
