package org.sepconv.bench.implementation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Passes;
import org.sepconv.graph.pass.Program;

/**
 * A problem as engines take it that know neither graphs in graphs nor separable convolutions: one
 * plain operation after the other.
 *
 * @param inputs {@code x0}, {@code x1}, ... in the order of the problem
 * @param constants values that are the same in every run
 * @param nodes each after those whose outputs it takes
 * @param outputs values of nodes, in the order of the problem
 */
record FlatGraph(
    List<Value> inputs, Map<Value, float[]> constants, List<Node> nodes, List<Value> outputs) {

  /** A tensor between two operations; its name is its own. */
  record Value(String name, Shape shape) {}

  /** An operation that is neither a graph nor separable; it is called as its output. */
  record Node(Operation operation, Weights weights, List<Value> inputs, Value output) {
    String name() {
      return output.name();
    }
  }

  static FlatGraph of(Problem problem, Weights weights) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < problem.inputs().size(); i++) {
      inputs.add(new Value("x" + i, problem.inputs().get(i).shape()));
    }
    FlatGraph flat =
        new FlatGraph(inputs, new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
    flat.outputs.addAll(flat.add("y", problem.operation(), weights, inputs));
    return flat;
  }

  /**
   * The same with less to compute: batch norms folded, sums as residuals of the convolutions before
   * them, activations applied by them.
   */
  static FlatGraph fused(Problem problem, Weights weights) {
    if (!(problem.operation() instanceof Graph graph)) {
      return of(problem, weights);
    }
    Program fused =
        Passes.run(
                new Program(graph, (GraphWeights) weights),
                problem,
                one -> one.operation() instanceof Conv2d)
            .program();
    return of(new Problem(fused.graph(), problem.inputs(), problem.outputs()), fused.weights());
  }

  private List<Value> add(String name, Operation operation, Weights weights, List<Value> taken) {
    if (operation instanceof Graph graph) {
      return graph(name, graph, (GraphWeights) weights, taken);
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
                  List.of(taken.getFirst()))
              .getFirst());
      return add(name, separable.pointwise(), both.pointwise(), between);
    }
    List<Shape> shapes = operation.outputShapes(taken.stream().map(Value::shape).toList());
    Node node =
        new Node(operation, weights, List.copyOf(taken), new Value(name, shapes.getFirst()));
    nodes.add(node);
    return List.of(node.output);
  }

  private List<Value> graph(String name, Graph graph, GraphWeights weights, List<Value> taken) {
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < taken.size(); i++) {
      values.put(graph.inputs().get(i).name(), taken.get(i));
    }
    for (Graph.Constant constant : graph.constants()) {
      Value value = new Value(name + "." + constant.name(), constant.shape());
      constants.put(value, weights.of(constant));
      values.put(constant.name(), value);
    }
    for (Graph.Node node : graph.nodes()) {
      List<Value> sources = node.inputs().stream().map(values::get).toList();
      values.put(
          node.name(),
          add(name + "." + node.name(), node.operation(), weights.of(node), sources).getFirst());
    }
    return graph.outputs().stream().map(values::get).toList();
  }
}
