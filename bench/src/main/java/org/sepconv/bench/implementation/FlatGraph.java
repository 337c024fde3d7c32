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
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Passes;
import org.sepconv.graph.pass.Program;

/**
 * A problem as engines take it that know neither graphs in graphs nor separable convolutions: one
 * plain operation after the other.
 *
 * @param inputs in the order of the problem
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
    Program program = Program.of(problem, weights).flat();
    Graph graph = program.graph();
    Map<String, Value> values = new HashMap<>();
    for (int i = 0; i < graph.inputs().size(); i++) {
      String name = graph.inputs().get(i).name();
      values.put(name, new Value(name, problem.inputs().get(i).shape()));
    }
    Map<Value, float[]> constants = new LinkedHashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      Value value = new Value(constant.name(), constant.shape());
      values.put(value.name, value);
      constants.put(value, program.weights().of(constant));
    }
    List<Node> nodes = new ArrayList<>();
    for (Graph.Step step : graph.steps(program.on(problem))) {
      Value output = new Value(step.node().name(), step.problem().destination().shape());
      values.put(output.name, output);
      nodes.add(
          new Node(
              step.node().operation(),
              program.weights().of(step.node()),
              step.node().inputs().stream().map(values::get).toList(),
              output));
    }
    return new FlatGraph(
        graph.inputs().stream().map(input -> values.get(input.name())).toList(),
        constants,
        nodes,
        graph.outputs().stream().map(values::get).toList());
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
    return of(fused.on(problem), fused.weights());
  }
}
