package org.sepconv;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Arithmetic on two tensors, value by value. Where one has a dimension of length 1, it is repeated
 * along the other's (broadcasting): N x C x 1 x 1 times N x C x H x W scales the channels, as
 * squeeze-and-excitation does.
 */
public record Binary(Function function) implements Elementwise {

  /** What is done with the two values. */
  public enum Function {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    POWER,
    /** The smaller one; NaN where one of both is. */
    MINIMUM,
    /** The larger one; NaN where one of both is. */
    MAXIMUM,
    /**
     * The first, times the second where it is negative: leaky ReLU with slopes (He et al. 2015).
     */
    PRELU;

    /** The definition, in float64. */
    public double apply(double first, double second) {
      return switch (this) {
        case ADD -> first + second;
        case SUBTRACT -> first - second;
        case MULTIPLY -> first * second;
        case DIVIDE -> first / second;
        case POWER -> Math.pow(first, second);
        case MINIMUM -> Math.min(first, second);
        case MAXIMUM -> Math.max(first, second);
        case PRELU -> first < 0 ? first * second : first;
      };
    }
  }

  public Binary {
    Objects.requireNonNull(function, "function");
  }

  /** The sum: the residual connection of ResNet and MobileNetV2. */
  public static Binary add() {
    return new Binary(Function.ADD);
  }

  /** The product: the scaling of squeeze-and-excitation. */
  public static Binary multiply() {
    return new Binary(Function.MULTIPLY);
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException(
          "%s takes 2 inputs, not %d".formatted(this, inputs.size()));
    }
    Shape shape = inputs.getFirst();
    for (Axis axis : Axis.values()) {
      int first = axis.size(inputs.getFirst());
      int second = axis.size(inputs.getLast());
      if (first != second && first != 1 && second != 1) {
        throw new IllegalArgumentException(
            "%s takes 2 inputs that are as long in each dimension, or 1 long, not %s"
                .formatted(this, inputs));
      }
      shape = axis.with(shape, Math.max(first, second));
    }
    return List.of(shape);
  }

  /** {@code multiply}. */
  @Override
  public String toString() {
    return function.name().toLowerCase(Locale.ROOT);
  }
}
