package org.sepconv.bench.implementation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;

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
   * The same with sums as residuals of the convolutions before them, where these have no activation
   * and nothing else takes what they give.
   */
  FlatGraph withResiduals() {
    List<Node> fused = new ArrayList<>();
    for (Node node : nodes) {
      Optional<Node> before =
          node.operation.equals(Binary.add())
              ? fused.reversed().stream().filter(each -> takesResidual(each, node)).findFirst()
              : Optional.empty();
      if (before.isEmpty()) {
        fused.add(node);
        continue;
      }
      Node conv = before.get();
      Value other = node.inputs.get(node.inputs.getFirst().equals(conv.output) ? 1 : 0);
      fused.set(
          fused.indexOf(conv),
          new Node(
              withResidual((Conv2d) conv.operation),
              conv.weights,
              List.of(conv.inputs.getFirst(), other),
              node.output));
    }
    return new FlatGraph(inputs, constants, fused, outputs);
  }

  private boolean takesResidual(Node conv, Node sum) {
    if (!(conv.operation instanceof Conv2d plain)
        || plain.residual()
        || !(plain.activation() instanceof Activation.None)
        || !sum.inputs.contains(conv.output)
        || sum.inputs.getFirst().equals(sum.inputs.getLast())
        || outputs.contains(conv.output)
        || nodes.stream().filter(node -> node.inputs.contains(conv.output)).count() > 1) {
      return false;
    }
    Value other = sum.inputs.get(sum.inputs.getFirst().equals(conv.output) ? 1 : 0);
    List<Value> earlier = nodes.subList(0, nodes.indexOf(conv)).stream().map(Node::output).toList();
    return other.shape.equals(conv.output.shape)
        && (inputs.contains(other) || constants.containsKey(other) || earlier.contains(other));
  }

  private static Conv2d withResidual(Conv2d conv) {
    return new Conv2d(
        conv.inChannels(),
        conv.outChannels(),
        conv.kernelH(),
        conv.kernelW(),
        conv.strideH(),
        conv.strideW(),
        conv.dilationH(),
        conv.dilationW(),
        conv.padding(),
        conv.groups(),
        conv.bias(),
        true,
        conv.activation());
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
