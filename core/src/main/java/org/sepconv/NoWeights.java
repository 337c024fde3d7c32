package org.sepconv;

/** The weights of an operation that has none. */
enum NoWeights implements Weights {
  INSTANCE;

  @Override
  public void checkMatches(Operation operation) {
    switch (operation) {
      case Convolution convolution ->
          throw new IllegalArgumentException("no weights given for " + convolution);
      case Add _, GlobalAveragePool _ -> {}
    }
  }
}
