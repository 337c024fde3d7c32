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
   * bias if it has one; of each constant its values, squared where a root is taken of what they are
   * added to; of each batch norm gamma, beta, mean and the square root of the variance; in the
   * order of the constants and nodes of a graph and of the stages.
   *
   * @param values gives as many as it is asked for
   */
  static Weights filled(Operation operation, IntFunction<float[]> values) {
    return filled(operation, WeightFiller.of(values));
  }

  /**
   * Random weights for an operation, of a size that keeps the values of a deep network ordinary:
   * each layer passes on about as much as it takes (He et al. 2015, Delving Deep into Rectifiers,
   * section 2.2), whatever its activation. The same for the same seed, on every machine.
   */
  static Weights random(Operation operation, long seed) {
    return filled(operation, new RandomFiller(seed));
  }

  /** The same as with values alone, for fillers that need to know what they fill. */
  static Weights filled(Operation operation, WeightFiller filler) {
    return switch (operation) {
      case Conv2d conv -> ConvWeights.filled(conv, filler, SignalSize.before(conv.activation()));
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) ->
          new SeparableWeights(
              ConvWeights.filled(depthwise, filler, SignalSize.before(depthwise.activation())),
              ConvWeights.filled(pointwise, filler, SignalSize.before(pointwise.activation())));
      case Graph graph -> new GraphFilling(graph, filler).weights();
      case TransposedConv2d transposed ->
          ConvWeights.filled(transposed, filler, SignalSize.before(transposed.activation()));
      case BatchNormalization norm -> filler.batchNorm(norm.channels(), 1);
      case Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ ->
          none();
    };
  }

  /**
   * Refuses weights that do not belong to {@code operation}.
   *
   * @throws IllegalArgumentException naming what differs
   */
  void checkMatches(Operation operation);
}
