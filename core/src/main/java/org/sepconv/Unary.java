package org.sepconv;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A function of each value that is neither an {@link Activation} nor a {@link SquareRoot} or {@link
 * Quantize}.
 */
public record Unary(Function function) implements Elementwise {

  /** What is made of a value. */
  public enum Function {
    ABSOLUTE,
    NEGATIVE,
    /** {@code 1 / x}. */
    RECIPROCAL,
    /** e to the power of the value. */
    EXPONENTIAL,
    /** The natural logarithm; NaN of a negative value. */
    LOGARITHM,
    /** {@code erf(x)}: what GELU is written out with. */
    ERROR_FUNCTION;

    /** The definition, in float64. */
    public double apply(double x) {
      return switch (this) {
        case ABSOLUTE -> Math.abs(x);
        case NEGATIVE -> -x;
        case RECIPROCAL -> 1 / x;
        case EXPONENTIAL -> Math.exp(x);
        case LOGARITHM -> Math.log(x);
        case ERROR_FUNCTION -> ErrorFunction.of(x);
      };
    }
  }

  public Unary {
    Objects.requireNonNull(function, "function");
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(Inputs.only(this, inputs));
  }

  /** {@code reciprocal}, {@code error function}. */
  @Override
  public String toString() {
    return function.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
