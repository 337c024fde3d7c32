package org.sepconv.graph.pass;

import java.util.Objects;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;

/** A graph and its weights, which passes change together. */
public record Program(Graph graph, GraphWeights weights) {
  /**
   * @throws IllegalArgumentException if they do not match
   */
  public Program {
    Objects.requireNonNull(graph, "graph");
    weights.checkMatches(graph);
  }
}
