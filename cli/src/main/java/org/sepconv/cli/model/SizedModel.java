package org.sepconv.cli.model;

import java.util.List;
import java.util.function.Supplier;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/**
 * A network for inputs of certain sizes.
 *
 * @param weights made when they are asked for
 * @param inputs in the order of the graph's
 * @param outputs the same
 */
public record SizedModel(
    Graph graph, Supplier<GraphWeights> weights, List<Value> inputs, List<Value> outputs) {

  public SizedModel {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * What goes in or comes out.
   *
   * @param name as the model calls it
   * @param dimensions as the model has them
   * @param shape how the same values lie in the graph, in the same order
   */
  public record Value(String name, List<Integer> dimensions, Shape shape) {
    public Value {
      dimensions = List.copyOf(dimensions);
    }

    /** Of four dimensions. */
    static Value of(String name, Shape shape) {
      return new Value(name, List.of(shape.n(), shape.c(), shape.h(), shape.w()), shape);
    }

    /** {@code 1x3x224x224}. */
    public String sizes() {
      return String.join("x", dimensions.stream().map(Object::toString).toList());
    }
  }

  /** The graph on tensors of this layout. */
  public Problem problem(Layout layout) {
    return Problem.of(
        graph, inputs.stream().map(input -> new TensorSpec(input.shape, layout)).toList());
  }
}
