package org.sepconv;

/** The numbers of a {@link Convolution}, kept apart from its description. Immutable. */
public sealed interface Weights permits ConvWeights, SeparableWeights {

  /**
   * Refuses weights that do not belong to {@code operation}.
   *
   * @throws IllegalArgumentException naming what differs
   */
  void checkMatches(Convolution operation);
}
