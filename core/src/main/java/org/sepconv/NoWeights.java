package org.sepconv;

import java.util.Map;

/** The weights of an operation that has none: {@link Weights#none()}. */
public enum NoWeights implements Weights {
  INSTANCE;

  @Override
  public void checkMatches(Operation operation) {
    switch (operation) {
      case Convolution convolution ->
          throw new IllegalArgumentException("no weights given for " + convolution);
      case Graph graph -> new GraphWeights(Map.of()).checkMatches(graph);
      case Add _, GlobalAveragePool _ -> {}
    }
  }
}
