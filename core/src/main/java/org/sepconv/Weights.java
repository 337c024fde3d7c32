package org.sepconv;

import java.util.function.IntFunction;

/** The numbers of an {@link Operation}, kept apart from its description. Immutable. */
public sealed interface Weights
    permits ConvWeights, SeparableWeights, BatchNorm, ConstantWeights, GraphWeights, NoWeights {
  /** Of operations that need none. */
  static Weights none() {
    return NoWeights.INSTANCE;
  }

  /**
   * Weights for an operation, filled with these values: of each convolution the filter, then the
   * bias if it has one; of each batch norm gamma, beta, mean and the square root of the variance;
   * in the order of the constants and nodes of a graph and of the stages.
   *
   * @param values gives as many as it is asked for
   */
  static Weights filled(Operation operation, IntFunction<float[]> values) {
    return switch (operation) {
      case Conv2d conv -> ConvWeights.filled(conv, values);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
          new SeparableWeights(
              ConvWeights.filled(depthwise, values), ConvWeights.filled(pointwise, values));
      case Graph graph -> GraphWeights.filled(graph, values);
      case BatchNormalization norm -> BatchNorm.filled(norm.channels(), values);
      case Elementwise _, MatrixProduct _, Pool2d _, Rearrangement _, Reduce _, Softmax _ -> none();
    };
  }

  /**
   * Refuses weights that do not belong to {@code operation}.
   *
   * @throws IllegalArgumentException naming what differs
   */
  void checkMatches(Operation operation);
}
