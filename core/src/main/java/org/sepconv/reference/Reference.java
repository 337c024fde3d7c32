package org.sepconv.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;

/**
 * The definition of every {@link org.sepconv.Operation}: a plain loop in float64, written to be
 * read.
 *
 * <p>Beside each value it computes how far a correct float32 implementation can be from it: {@code
 * gamma(n) * (sum |x||w| + |bias| + |residual|)} with {@code gamma(n) = n u / (1 - n u)}, {@code u
 * = 2^-24} and n the terms summed, that is products, the bias and the residual (Higham, Accuracy
 * and Stability of Numerical Algorithms, section 3.1). The bound holds for every order of
 * summation, with and without fused multiply-add.
 *
 * <p>Through a graph each node adds such an error of its own, and inherits those of its inputs as
 * independent ones: the root of the sum of their squares, each times the slope of the output along
 * that input. That is no proof, as the bound of one operation is, but what correct float32 layers
 * stay below.
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
   * Computes a problem with one output.
   *
   * @param inputs values of each input in the order of its layout
   * @return the output in the layout of the problem
   * @throws IllegalArgumentException if weights or inputs do not match the operation, or it has
   *     more than one output
   */
  public static Result run(Problem problem, Weights weights, float[]... inputs) {
    return one(problem, weights, given(problem, weights, inputs), Propagation.WORST);
  }

  /**
   * Computes a graph, of which nothing is rounded between its nodes.
   *
   * @param inputs values of each input in the order of its layout
   * @return the outputs in the layouts of the problem
   * @throws IllegalArgumentException if weights or inputs do not match
   */
  public static List<Result> runGraph(Problem problem, GraphWeights weights, float[]... inputs) {
    if (!(problem.operation() instanceof Graph graph)) {
      throw new IllegalArgumentException("only for a graph, not for " + problem.operation());
    }
    return graph(graph, weights, problem, given(problem, weights, inputs));
  }

  private static List<Result> given(Problem problem, Weights weights, float[][] inputs) {
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
    List<Result> given = new ArrayList<>();
    for (int i = 0; i < inputs.length; i++) {
      given.add(exactly(problem.inputs().get(i), inputs[i]));
    }
    return given;
  }

  /** Values without an error. */
  private static Result exactly(TensorSpec spec, float[] values) {
    double[] exact = new double[values.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = values[i];
    }
    return new Result(spec, exact, new double[exact.length]);
  }

  private static List<Result> graph(
      Graph graph, GraphWeights weights, Problem problem, List<Result> inputs) {
    Map<String, Result> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i).name(), inputs.get(i));
    }
    for (Graph.Constant constant : graph.constants()) {
      TensorSpec spec = problem.destination().withShape(constant.shape());
      float[] ordered = Layout.NCHW.convert(spec.shape(), weights.of(constant), spec.layout());
      values.put(constant.name(), exactly(spec, ordered));
    }
    for (Graph.Step step : graph.steps(problem)) {
      List<Result> taken = step.node().inputs().stream().map(values::get).toList();
      values.put(
          step.node().name(),
          one(step.problem(), weights.of(step.node()), taken, Propagation.INDEPENDENT));
    }
    return graph.outputs().stream().map(values::get).toList();
  }

  private static Result one(
      Problem problem, Weights weights, List<Result> inputs, Propagation propagation) {
    Result first = inputs.getFirst();
    TensorSpec output = problem.destination();
    Layout layout = output.layout();
    Optional<Result> residual = inputs.size() > 1 ? Optional.of(inputs.get(1)) : Optional.empty();
    return switch (problem.operation()) {
      case Conv2d conv ->
          ConvolutionReference.conv2d(
              conv, (ConvWeights) weights, first, layout, residual, propagation);
      case SeparableConv2d separable -> {
        SeparableWeights both = (SeparableWeights) weights;
        Result between =
            ConvolutionReference.conv2d(
                separable.depthwise(),
                both.depthwise(),
                first,
                layout,
                Optional.empty(),
                propagation);
        yield ConvolutionReference.conv2d(
            separable.pointwise(), both.pointwise(), between, layout, residual, propagation);
      }
      case TransposedConv2d conv ->
          ConvolutionReference.transposed(conv, (ConvWeights) weights, first, output, propagation);
      case BatchNormalization _ ->
          ElementwiseReference.batchNorm((BatchNorm) weights, first, output);
      case Elementwise elementwise ->
          ElementwiseReference.run(elementwise, inputs, output, propagation);
      case Rearrangement rearrangement -> rearranged(rearrangement, inputs, output);
      case Pool2d pool -> ReductionReference.pool(pool, first, output, propagation);
      case Reduce reduce -> ReductionReference.reduce(reduce, first, output, propagation);
      case ResizeLinear resize -> ReductionReference.resize(resize, first, output, propagation);
      case Softmax softmax -> ReductionReference.softmax(softmax, first, output);
      case MatrixProduct _ ->
          ReductionReference.matrixProduct(first, inputs.getLast(), output, propagation);
      case Graph graph -> {
        if (graph.outputs().size() > 1) {
          throw new IllegalArgumentException(
              "%s inside a graph has %d outputs, not 1".formatted(graph, graph.outputs().size()));
        }
        yield graph(graph, (GraphWeights) weights, problem, inputs).getFirst();
      }
    };
  }

  private static Result rearranged(
      Rearrangement operation, List<Result> inputs, TensorSpec output) {
    List<Shape> shapes = inputs.stream().map(input -> input.spec().shape()).toList();
    return ElementwiseReference.map(
        output,
        (place, result) -> {
          int[] at = place.clone();
          int from = operation.source(shapes, output.shape(), at);
          if (from == Rearrangement.FILLED) {
            result.set(operation.fill(), 0);
            return;
          }
          Result input = inputs.get(from);
          int index = input.spec().layout().index(shapes.get(from), at[0], at[1], at[2], at[3]);
          result.set(input.values()[index], input.bounds()[index]);
        });
  }
}
