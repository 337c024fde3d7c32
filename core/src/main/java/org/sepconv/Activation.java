package org.sepconv;

import java.util.Locale;

/**
 * The function applied to each output value, fused into the convolution.
 *
 * <p>NaN travels through every one of them: the activation of NaN is NaN.
 */
public sealed interface Activation {

  Activation NONE = new None();
  Activation RELU = new Relu();
  Activation RELU6 = new Relu6();
  Activation HARD_SWISH = new HardSwish();
  Activation SILU = new Silu();
  Activation SIGMOID = new Sigmoid();
  Activation HARD_SIGMOID = new HardSigmoid();
  Activation GELU = new Gelu();
  Activation TANH = new Tanh();

  /** The definition, in float64. */
  double apply(double x);

  /** The largest slope of the function: how much it can enlarge an error of its argument. */
  double lipschitz();

  /** {@code x}. */
  record None() implements Activation {
    @Override
    public double apply(double x) {
      return x;
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "none";
    }
  }

  /** {@code max(x, 0)}. */
  record Relu() implements Activation {
    @Override
    public double apply(double x) {
      return Math.max(x, 0);
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "relu";
    }
  }

  /** {@code min(max(x, 0), 6)}. */
  record Relu6() implements Activation {
    @Override
    public double apply(double x) {
      return Math.min(Math.max(x, 0), 6);
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "relu6";
    }
  }

  /** {@code x * min(max(x + 3, 0), 6) / 6}, of MobileNetV3. */
  record HardSwish() implements Activation {
    @Override
    public double apply(double x) {
      // The limits, which the product would turn into NaN (-infinity times 0).
      return x <= -3 ? 0 : x * Math.min(Math.max(x + 3, 0), 6) / 6;
    }

    @Override
    public double lipschitz() {
      return 1.5; // at x = 3, where the slope (2x + 3) / 6 ends
    }

    @Override
    public String toString() {
      return "hard_swish";
    }
  }

  /** {@code x / (1 + exp(-x))}, also called swish. */
  record Silu() implements Activation {
    @Override
    public double apply(double x) {
      return x == Double.NEGATIVE_INFINITY ? 0 : x / (1 + Math.exp(-x));
    }

    @Override
    public double lipschitz() {
      return 1.1; // the slope's maximum is 1.0998, near x = 2.4
    }

    @Override
    public String toString() {
      return "silu";
    }
  }

  /** {@code 1 / (1 + exp(-x))}, also called the logistic function. */
  record Sigmoid() implements Activation {
    @Override
    public double apply(double x) {
      return 1 / (1 + Math.exp(-x));
    }

    @Override
    public double lipschitz() {
      return 0.25; // at 0
    }

    @Override
    public String toString() {
      return "sigmoid";
    }
  }

  /** {@code min(max(x + 3, 0), 6) / 6}, of MobileNetV3: the gate of {@link HardSwish}. */
  record HardSigmoid() implements Activation {
    @Override
    public double apply(double x) {
      return Math.min(Math.max(x + 3, 0), 6) / 6;
    }

    @Override
    public double lipschitz() {
      return 1 / 6.0;
    }

    @Override
    public String toString() {
      return "hard_sigmoid";
    }
  }

  /**
   * {@code x * (1 + erf(x / sqrt(2))) / 2}: x times the probability that a normal variable is less
   * (Hendrycks and Gimpel 2016). This is the exact one, not its approximation by a tanh.
   */
  record Gelu() implements Activation {
    @Override
    public double apply(double x) {
      // With erfc, for 1 + erf has lost all its digits at x = -9.
      return x == Double.NEGATIVE_INFINITY
          ? 0
          : 0.5 * x * ErrorFunction.complement(-x * Math.sqrt(0.5));
    }

    @Override
    public double lipschitz() {
      return 1.13; // the slope's maximum is 1.1290, at the square root of 2
    }

    @Override
    public String toString() {
      return "gelu";
    }
  }

  /** The hyperbolic tangent. */
  record Tanh() implements Activation {
    @Override
    public double apply(double x) {
      return Math.tanh(x);
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "tanh";
    }
  }

  /** {@code x} where positive, {@code slope * x} elsewhere; the slope is in [0, 1]. */
  record LeakyRelu(float slope) implements Activation {
    public LeakyRelu {
      if (!(slope >= 0 && slope <= 1)) {
        throw new IllegalArgumentException("leaky ReLU slope is " + slope + ", not in [0, 1]");
      }
    }

    @Override
    public double apply(double x) {
      return x > 0 ? x : slope * x;
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "leaky_relu:" + slope;
    }
  }

  /** {@code min(max(x, min), max)}; either bound may be infinite. */
  record Clamp(float min, float max) implements Activation {
    public Clamp {
      if (!(min <= max)) {
        throw new IllegalArgumentException("clamp from " + min + " to " + max + " is empty");
      }
    }

    @Override
    public double apply(double x) {
      return Math.min(Math.max(x, min), max);
    }

    @Override
    public double lipschitz() {
      return 1;
    }

    @Override
    public String toString() {
      return "clamp:" + min + ":" + max;
    }
  }

  /**
   * Parses what {@code toString} prints: {@code none}, {@code relu}, {@code relu6}, {@code
   * hard_swish}, {@code silu}, {@code sigmoid}, {@code hard_sigmoid}, {@code gelu}, {@code tanh},
   * {@code leaky_relu:SLOPE}, {@code clamp:MIN:MAX}.
   *
   * @throws IllegalArgumentException if the text is anything else, with this list
   */
  static Activation parse(String text) {
    String[] parts = text.strip().split(":", -1);
    String name = parts[0].toLowerCase(Locale.ROOT).replace('-', '_');
    try {
      return switch (name + "/" + (parts.length - 1)) {
        case "none/0" -> NONE;
        case "relu/0" -> RELU;
        case "relu6/0" -> RELU6;
        case "hard_swish/0" -> HARD_SWISH;
        case "silu/0" -> SILU;
        case "sigmoid/0" -> SIGMOID;
        case "hard_sigmoid/0" -> HARD_SIGMOID;
        case "gelu/0" -> GELU;
        case "tanh/0" -> TANH;
        case "leaky_relu/1" -> new LeakyRelu(parseNumber(parts[1]));
        case "clamp/2" -> new Clamp(parseNumber(parts[1]), parseNumber(parts[2]));
        default -> throw new NumberFormatException();
      };
    } catch (NumberFormatException _) {
      // Falls through to the one message that says what is expected.
    }
    throw new IllegalArgumentException(
        ("'%s' is not an activation: expected none, relu, relu6, hard_swish, silu, sigmoid, hard_sigmoid, gelu, "
                + "tanh, leaky_relu:SLOPE or clamp:MIN:MAX")
            .formatted(text));
  }

  private static float parseNumber(String text) {
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "inf", "+inf", "infinity", "+infinity" -> Float.POSITIVE_INFINITY;
      case "-inf", "-infinity" -> Float.NEGATIVE_INFINITY;
      default -> Float.parseFloat(text);
    };
  }
}
