package org.sepconv;

import java.util.List;

/**
 * How large values are, as their mean square, on both sides of an activation. Arguments are taken
 * to be normally distributed.
 */
final class SignalSize {
  /** Where the integral over a normal distribution ends, and its steps. */
  private static final double WIDEST = 6;

  private static final double STEP = 1.0 / 64;

  /** A clamp may give next to nothing, which no filter makes up for. */
  private static final double LARGEST = 4;

  /**
   * Arguments of an activation that lets more of larger values through, as SiLU does: where it is
   * nearly straight.
   */
  private static final double SMALL = 1.0 / 16;

  /** The mean square of ordinary values: those that a network is given. */
  static final double ORDINARY = 1;

  private SignalSize() {}

  /** The mean square of values. */
  static double of(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum / values.length;
  }

  /**
   * About the mean square of what an operation gives.
   *
   * @param given those of its inputs
   */
  static double after(Operation operation, Weights weights, List<Double> given) {
    double first = given.getFirst();
    double last = given.getLast();
    return switch (operation) {
      case Conv2d conv ->
          after(
              conv.activation(),
              sums(conv.productsPerOutput(), (ConvWeights) weights, first)
                  + (conv.residual() ? last : 0));
      case TransposedConv2d conv ->
          after(conv.activation(), sums(conv.productsPerOutput(), (ConvWeights) weights, first));
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        SeparableWeights both = (SeparableWeights) weights;
        double between = after(depthwise, both.depthwise(), List.of(first));
        yield after(pointwise, both.pointwise(), List.of(between, last));
      }
      case BatchNormalization _ -> normalised((BatchNorm) weights, first);
      case Activate(Activation activation) -> after(activation, first);
      case Binary(Binary.Function function) ->
          switch (function) {
            case ADD, SUBTRACT -> first + last;
            case MULTIPLY -> first * last;
            case DIVIDE, POWER -> ORDINARY;
            case MINIMUM, MAXIMUM, PRELU -> first;
          };
      case Concat _ -> given.stream().mapToDouble(size -> size).average().orElseThrow();
      case Graph _, Softmax _ -> ORDINARY;
      case MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Quantize _,
          Reduce _,
          ResizeLinear _,
          SquareRoot _,
          Unary _ ->
          first;
    };
  }

  private static double sums(int products, ConvWeights weights, double given) {
    return products * of(weights.filter()) * given + weights.bias().map(SignalSize::of).orElse(0.0);
  }

  private static double normalised(BatchNorm norm, double given) {
    double sum = 0;
    int channels = norm.gamma().length;
    for (int channel = 0; channel < channels; channel++) {
      double scale = norm.scale(channel);
      double shift = norm.shift(channel);
      sum += scale * scale * given + shift * shift;
    }
    return sum / channels;
  }

  /** The mean square of what an activation gives for arguments of this mean square. */
  static double after(Activation activation, double meanSquare) {
    double size = Math.sqrt(meanSquare);
    double squares = 0;
    double weights = 0;
    for (double x = -WIDEST + STEP / 2; x < WIDEST; x += STEP) {
      double weight = Math.exp(-x * x / 2);
      double value = activation.apply(size * x);
      squares += weight * value * value;
      weights += weight;
    }
    return squares / weights;
  }

  /**
   * The arguments that make up for the part that an activation takes away: one over the mean square
   * that it gives for ordinary ones; 2 for ReLU.
   */
  static double before(Activation activation) {
    return Math.clamp(1 / after(activation, 1), 1, LARGEST);
  }

  /**
   * The arguments that an activation is given in a network. Most have those that make up for what
   * it takes away. But where larger values lose less, each layer would enlarge what the one before
   * it gave too much, to tens of thousands after thirty of them: those get small ones.
   */
  static double inNetwork(Activation activation) {
    boolean growing = after(activation, 4) > 4.1 * after(activation, 1);
    return growing ? SMALL : before(activation);
  }
}
