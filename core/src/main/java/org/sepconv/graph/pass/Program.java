package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/** A graph and its weights, which passes change together. */
public record Program(Graph graph, GraphWeights weights) {

  /** The only node of an operation that is no graph. */
  private static final String ONLY = "y";

  /**
   * @throws IllegalArgumentException if they do not match
   */
  public Program {
    Objects.requireNonNull(graph, "graph");
    weights.checkMatches(graph);
  }

  /**
   * A graph as it is; another operation as a graph of one node, with the inputs {@code x0}, {@code
   * x1}, ... and the output {@code y}.
   *
   * @throws IllegalArgumentException if the weights do not match
   */
  public static Program of(Problem problem, Weights weights) {
    weights.checkMatches(problem.operation());
    if (problem.operation() instanceof Graph graph) {
      return new Program(graph, (GraphWeights) weights);
    }
    Graph.Builder graph = Graph.builder("operation");
    List<String> inputs = new ArrayList<>();
    for (TensorSpec input : problem.inputs()) {
      inputs.add("x" + inputs.size());
      graph.input(inputs.getLast(), input.shape());
    }
    return new Program(
        graph.add(ONLY, problem.operation(), inputs.toArray(String[]::new)).build(),
        new GraphWeights(Map.of(ONLY, weights)));
  }

  /**
   * The same in operations that are neither graphs nor separable convolutions: those are taken
   * apart. Inputs and their order stay, and what a graph gives.
   */
  public Program flat() {
    return Flattening.of(this);
  }

  /** The graph on the tensors that a problem has. */
  public Problem on(Problem problem) {
    return new Problem(graph, problem.inputs(), problem.outputs());
  }
}
