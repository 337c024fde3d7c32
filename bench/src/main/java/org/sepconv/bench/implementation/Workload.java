package org.sepconv.bench.implementation;

import java.util.List;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;

/**
 * What an implementation is given: a layer, or a whole network, and its numbers.
 *
 * @param problem in NCHW
 * @param inputs values of each input, in N, C, H, W order; not to be changed
 * @param file where the problem comes from, if it was read from one
 */
public record Workload(
    Problem problem, Weights weights, List<float[]> inputs, Optional<ModelFile> file) {

  public Workload {
    inputs = List.copyOf(inputs);
    weights.checkMatches(problem.operation());
  }

  /** Of no file. */
  public Workload(Problem problem, Weights weights, List<float[]> inputs) {
    this(problem, weights, inputs, Optional.empty());
  }

  /** A layer. */
  public static Workload of(ShapeCase shape, TestData data) {
    Problem problem = shape.problem(Layout.NCHW);
    return new Workload(problem, data.weights(), List.of(data.inputs(problem)));
  }

  /** The problem in this layout. */
  Problem problem(Layout layout) {
    return in(layout, problem);
  }

  /** A problem with all its inputs and outputs in this layout. */
  public static Problem in(Layout layout, Problem problem) {
    return new Problem(
        problem.operation(), in(layout, problem.inputs()), in(layout, problem.outputs()));
  }

  private static List<TensorSpec> in(Layout layout, List<TensorSpec> specs) {
    return specs.stream().map(spec -> spec.withLayout(layout)).toList();
  }

  /** The values of all inputs in this layout. */
  float[][] inputs(Layout layout) {
    float[][] values = new float[inputs.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = Layout.NCHW.convert(problem.inputs().get(i).shape(), inputs.get(i), layout);
    }
    return values;
  }
}
