package org.sepconv;

import java.util.List;

/**
 * Rounds each value to a whole number of steps within a range, and says that number in another
 * unit: {@code (clamp(round(x / step), lowest, highest) + offset) * factor}. Halves are rounded to
 * the even number; NaN stays NaN, and infinities become the ends of the range.
 *
 * <p>That is what ONNX's quantised models do between their operations (Jacob et al., Quantization
 * and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference, 2018): {@link
 * #steps} rounds as eight bits do, and {@link #toWhole} and {@link #fromWhole} are its halves. All
 * of it is float32, in which whole numbers of this size are exact.
 *
 * @param step positive; the division by it is one of float32
 * @param lowest number of steps, and {@code highest}, not beyond {@link #MOST}
 * @param offset what is added to the number of steps, not beyond {@link #MOST}
 * @param factor not zero
 */
public record Quantize(float step, int lowest, int highest, int offset, float factor)
    implements Elementwise {

  /** Up to this number float32 has every half, so that rounding one is exact. */
  public static final int MOST = 1 << 22;

  public Quantize {
    if (!(step > 0 && Float.isFinite(step))) {
      throw new IllegalArgumentException("step is " + step + ", not positive and finite");
    }
    if (factor == 0 || !Float.isFinite(factor)) {
      throw new IllegalArgumentException("factor is " + factor + ", must be finite and not 0");
    }
    if (lowest > highest || lowest < -MOST || highest > MOST) {
      throw new IllegalArgumentException(
          "steps from %d to %d are no range within %d and %d"
              .formatted(lowest, highest, -MOST, MOST));
    }
    if (offset < -MOST || offset > MOST) {
      throw new IllegalArgumentException("offset is %d, beyond %d".formatted(offset, MOST));
    }
  }

  /** The nearest of the values {@code scale * (q - zero)}, with q from lowest to highest. */
  public static Quantize steps(float scale, int zero, int lowest, int highest) {
    return new Quantize(scale, lowest - zero, highest - zero, 0, scale);
  }

  /** The q of that nearest value. */
  public static Quantize toWhole(float scale, int zero, int lowest, int highest) {
    return new Quantize(scale, lowest - zero, highest - zero, zero, 1);
  }

  /** The value {@code scale * (q - zero)} of a q from lowest to highest. */
  public static Quantize fromWhole(float scale, int zero, int lowest, int highest) {
    return new Quantize(1, lowest, highest, -zero, scale);
  }

  /** The definition, in float64. */
  public double apply(double x) {
    return ofSteps(x / step);
  }

  /** The value of this many steps, which are rounded. */
  public double ofSteps(double steps) {
    return (Math.clamp(Math.rint(steps), lowest, (double) highest) + offset) * factor;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(Inputs.only(this, inputs));
  }

  /** {@code quantize 0.05 from -128 to 127} and, unless they are 0 and the step, the others. */
  @Override
  public String toString() {
    String range = "quantize %s from %d to %d".formatted(step, lowest, highest);
    return offset == 0 && factor == step
        ? range
        : range + " plus %d by %s".formatted(offset, factor);
  }
}
