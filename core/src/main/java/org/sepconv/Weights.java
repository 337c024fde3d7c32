package org.sepconv;

/** The numbers of an {@link Operation}, kept apart from its description. Immutable. */
public sealed interface Weights permits ConvWeights, SeparableWeights, GraphWeights, NoWeights {
  /** Of operations that need none. */
  static Weights none() {
    return NoWeights.INSTANCE;
  }

  /**
   * Refuses weights that do not belong to {@code operation}.
   *
   * @throws IllegalArgumentException naming what differs
   */
  void checkMatches(Operation operation);
}
