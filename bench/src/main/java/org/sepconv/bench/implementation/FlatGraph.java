package org.sepconv.bench.implementation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Add;
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
 * @param nodes each after those whose outputs it takes
 * @param outputs values of nodes, in the order of the problem
 */
record FlatGraph(List<Value> inputs, List<Node> nodes, List<Value> outputs) {

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
    List<Node> nodes = new ArrayList<>();
    List<Value> outputs = add("y", problem.operation(), weights, inputs, nodes);
    return new FlatGraph(inputs, nodes, outputs);
  }

  /**
   * The same with sums as residuals of the convolutions before them, where these have no activation
   * and nothing else takes what they give.
   */
  FlatGraph withResiduals() {
    List<Node> fused = new ArrayList<>();
    for (Node node : nodes) {
      Optional<Node> before =
          node.operation instanceof Add
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
    return new FlatGraph(inputs, fused, outputs);
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
    return inputs.contains(other) || earlier.contains(other);
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

  private static List<Value> add(
      String name, Operation operation, Weights weights, List<Value> inputs, List<Node> into) {
    if (operation instanceof Graph graph) {
      return graph(name, graph, (GraphWeights) weights, inputs, into);
    }
    if (operation instanceof SeparableConv2d separable) {
      SeparableWeights both = (SeparableWeights) weights;
      List<Value> between = new ArrayList<>(inputs);
      between.set(
          0,
          add(
                  name + ".depthwise",
                  separable.depthwise(),
                  both.depthwise(),
                  List.of(inputs.getFirst()),
                  into)
              .getFirst());
      return add(name, separable.pointwise(), both.pointwise(), between, into);
    }
    List<Shape> shapes = operation.outputShapes(inputs.stream().map(Value::shape).toList());
    Node node =
        new Node(operation, weights, List.copyOf(inputs), new Value(name, shapes.getFirst()));
    into.add(node);
    return List.of(node.output);
  }

  private static List<Value> graph(
      String name, Graph graph, GraphWeights weights, List<Value> inputs, List<Node> into) {
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i).name(), inputs.get(i));
    }
    for (Graph.Node node : graph.nodes()) {
      List<Value> taken = node.inputs().stream().map(values::get).toList();
      values.put(
          node.name(),
          add(name + "." + node.name(), node.operation(), weights.of(node), taken, into)
              .getFirst());
    }
    return graph.outputs().stream().map(values::get).toList();
  }
}
