package org.sepconv;

import java.util.Map;

/** The weights of an operation that has none: {@link Weights#none()}. */
public enum NoWeights implements Weights {
  INSTANCE;

  @Override
  public void checkMatches(Operation operation) {
    if (operation instanceof Graph graph) {
      new GraphWeights(Map.of()).checkMatches(graph); // which names the node
    } else if (operation.hasWeights()) {
      throw new IllegalArgumentException("no weights given for " + operation);
    }
  }
}
