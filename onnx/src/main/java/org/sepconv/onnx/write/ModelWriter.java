package org.sepconv.onnx.write;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;

/**
 * Writes an operation as a model. Graphs in graphs and separable convolutions, which ONNX does not
 * have, are taken apart; what to fuse is the affair of the engine that reads it.
 */
public final class ModelWriter {
  /** A tensor between two operations; its name is its own. */
  record Value(String name, Shape shape) {}

  private final GraphBuilder builder = new GraphBuilder();
  private final NodeWriter nodes = new NodeWriter(builder);
  private final Set<String> names = new HashSet<>();

  private ModelWriter() {}

  /**
   * The bytes of the model, on tensors in NCHW. Its inputs and outputs are called as those of a
   * graph; of another operation {@code x0}, {@code x1}, ... and {@code y}.
   *
   * @throws IllegalArgumentException if the weights do not match
   */
  public static byte[] write(Problem problem, Weights weights) {
    weights.checkMatches(problem.operation());
    return new ModelWriter().model(problem, weights);
  }

  private byte[] model(Problem problem, Weights weights) {
    Operation operation = problem.operation();
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < problem.inputs().size(); i++) {
      String name = operation instanceof Graph graph ? graph.inputs().get(i).name() : "x" + i;
      Value input = new Value(unique(name), problem.inputs().get(i).shape());
      builder.input(input.name(), input.shape());
      inputs.add(input);
    }
    List<Value> outputs =
        operation instanceof Graph graph
            ? graph("", graph, (GraphWeights) weights, inputs)
            : List.of(add("y", operation, weights, inputs));
    outputs.forEach(output -> builder.output(output.name(), output.shape()));
    return builder.model(operation instanceof Graph graph ? graph.name() : "operation");
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "#" + i;
    }
    return name;
  }

  private Value add(String name, Operation operation, Weights weights, List<Value> taken) {
    if (operation instanceof Graph graph) {
      return graph(name + ".", graph, (GraphWeights) weights, taken).getFirst();
    }
    if (operation instanceof SeparableConv2d separable) {
      SeparableWeights both = (SeparableWeights) weights;
      List<Value> between = new ArrayList<>(taken);
      between.set(
          0,
          add(
              name + ".depthwise",
              separable.depthwise(),
              both.depthwise(),
              List.of(taken.getFirst())));
      return add(name, separable.pointwise(), both.pointwise(), between);
    }
    Shape shape = operation.outputShapes(taken.stream().map(Value::shape).toList()).getFirst();
    Value output = new Value(unique(name), shape);
    nodes.add(operation, weights, taken, output);
    return output;
  }

  private List<Value> graph(String prefix, Graph graph, GraphWeights weights, List<Value> taken) {
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < taken.size(); i++) {
      values.put(graph.inputs().get(i).name(), taken.get(i));
    }
    for (Graph.Constant constant : graph.constants()) {
      Shape shape = constant.shape();
      Value value = new Value(unique(prefix + constant.name()), shape);
      builder.tensor(
          value.name(), weights.of(constant), shape.n(), shape.c(), shape.h(), shape.w());
      values.put(constant.name(), value);
    }
    for (Graph.Node node : graph.nodes()) {
      List<Value> sources = node.inputs().stream().map(values::get).toList();
      values.put(
          node.name(), add(prefix + node.name(), node.operation(), weights.of(node), sources));
    }
    return graph.outputs().stream().map(values::get).toList();
  }
}
