package org.sepconv.reference;

import java.util.Optional;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Graph;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
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
   * What an operation must compute.
   *
   * @param spec shape and layout of the output
   * @param values the exact results, rounded to float64
   * @param bounds for each value, the largest error of a correct float32 result; infinite where
   *     float32 may overflow on the way, and nothing can be promised
   */
  public record Result(TensorSpec spec, double[] values, double[] bounds) {

    /** Rounds the values to float32, into an array of as many. */
    public void roundInto(float[] rounded) {
      for (int i = 0; i < values.length; i++) {
        rounded[i] = (float) values[i];
      }
    }

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
   * Computes a problem.
   *
   * @param inputs values of each input in the order of its layout
   * @return the output in the layout of the problem
   * @throws IllegalArgumentException if weights or inputs do not match the operation
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
    Optional<float[]> residual = inputs.length > 1 ? Optional.of(inputs[1]) : Optional.empty();
    return switch (problem.operation()) {
      case Conv2d conv ->
          ConvolutionReference.conv2d(conv, (ConvWeights) weights, given, layout, residual);
      case SeparableConv2d separable -> {
        SeparableWeights both = (SeparableWeights) weights;
        Result between =
            ConvolutionReference.conv2d(
                separable.depthwise(), both.depthwise(), given, layout, Optional.empty());
        yield ConvolutionReference.conv2d(
            separable.pointwise(), both.pointwise(), between, layout, residual);
      }
      case Add _ -> SmallReferences.add(problem, inputs[0], inputs[1]);
      case GlobalAveragePool _ -> SmallReferences.globalAveragePool(problem, inputs[0]);
      case Graph graph ->
          throw new IllegalArgumentException("the reference of %s: run its nodes".formatted(graph));
    };
  }
}
