package org.sepconv;

import java.util.HashMap;
import java.util.Map;

/**
 * The weights of a {@link Graph}.
 *
 * @param ofNodes by the name of the node; nodes without weights need no entry
 */
public record GraphWeights(Map<String, Weights> ofNodes) implements Weights {
  public GraphWeights {
    ofNodes = Map.copyOf(ofNodes);
  }

  static GraphWeights filled(Graph graph, WeightFiller filler) {
    Map<String, Weights> weights = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      weights.put(node.name(), Weights.filled(node.operation(), filler));
    }
    return new GraphWeights(weights);
  }

  /** The weights of a node; none where there is no entry. */
  public Weights of(Graph.Node node) {
    return ofNodes.getOrDefault(node.name(), Weights.none());
  }

  @Override
  public void checkMatches(Operation operation) {
    if (!(operation instanceof Graph graph)) {
      throw new IllegalArgumentException("weights of a graph given for: " + operation);
    }
    for (Graph.Node node : graph.nodes()) {
      try {
        of(node).checkMatches(node.operation());
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(node.name() + ": " + wrong.getMessage(), wrong);
      }
    }
    for (String name : ofNodes.keySet()) {
      if (graph.nodes().stream().noneMatch(node -> node.name().equals(name))) {
        throw new IllegalArgumentException(
            "there are weights of %s, but %s has no such node".formatted(name, graph));
      }
    }
  }
}
