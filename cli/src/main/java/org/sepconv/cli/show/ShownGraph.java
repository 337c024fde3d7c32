package org.sepconv.cli.show;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.cli.cost.CostEntry;
import org.sepconv.cli.cost.OperationText;
import org.sepconv.cost.Cost;

/**
 * A graph with what its nodes cost. As JSON:
 *
 * @param nodes in the order in which they run
 * @param outputs names of the nodes whose outputs it gives
 * @param total of all nodes
 */
record ShownGraph(
    List<Value> inputs,
    List<Value> constants,
    List<Node> nodes,
    List<String> outputs,
    CostEntry total) {

  /**
   * What a graph takes, or has in itself.
   *
   * @param shape N x C x H x W
   */
  record Value(String name, String shape) {
    private static Value of(String name, Shape shape) {
      return new Value(name, shape.toString());
    }
  }

  /**
   * A node.
   *
   * @param kind which kernels it needs
   * @param brief what it is, in few words
   * @param operation all of it
   * @param inputs what it takes, by name
   * @param output shape of what it gives, N x C x H x W
   * @param weights what it keeps, a line for each array
   * @param absorbed nodes that became parts of it by the passes
   */
  record Node(
      String name,
      String kind,
      String brief,
      String operation,
      List<String> inputs,
      String output,
      CostEntry cost,
      List<String> weights,
      List<String> absorbed) {}

  /**
   * Of a graph.
   *
   * @param problem it on tensors of certain shapes
   * @param absorbed what became parts of each node
   */
  static ShownGraph of(Graph graph, Problem problem, Function<String, List<String>> absorbed) {
    List<Value> inputs = new ArrayList<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      inputs.add(Value.of(graph.inputs().get(i).name(), problem.inputs().get(i).shape()));
    }
    List<Node> nodes = new ArrayList<>();
    for (Graph.Step step : graph.steps(problem)) {
      Graph.Node node = step.node();
      nodes.add(
          new Node(
              node.name(),
              kind(node.operation()),
              OperationText.brief(node.operation()),
              node.operation().toString(),
              node.inputs(),
              step.problem().destination().shape().toString(),
              CostEntry.of(Cost.of(step.problem())),
              WeightText.of(node.operation()),
              absorbed.apply(node.name())));
    }
    return new ShownGraph(
        List.copyOf(inputs),
        graph.constants().stream().map(each -> Value.of(each.name(), each.shape())).toList(),
        List.copyOf(nodes),
        graph.outputs(),
        CostEntry.of(Cost.of(problem)));
  }

  private static String kind(Operation operation) {
    return switch (operation.kind()) {
      case GRAPH -> "joined";
      case KernelKind kind -> kind.name().toLowerCase(Locale.ROOT);
    };
  }
}
