package org.sepconv.cpu.tile;

import org.sepconv.Activation;

/**
 * The activations that a tile applies to sums that are still in registers; the others are applied
 * to the values in the cache, by whoever calls the tile.
 *
 * @param min lower bound, or negative infinity for none
 * @param max upper bound, or infinity for none
 * @param hardSwish whether the hard-swish of a sum is clamped, not the sum itself
 */
public record Clamp(float min, float max, boolean hardSwish) {
  static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
  private static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY);
  private static final Clamp RELU6 = new Clamp(0, 6);
  private static final Clamp HARD_SWISH = new Clamp(NONE.min, NONE.max, true);

  /** What hard-swish adds, bounds with, multiplies by, and gives instead of what is lower. */
  static final float[] HARD_SWISH_CONSTANTS = {3, 6, 1 / 6f, 0};

  Clamp(float min, float max) {
    this(min, max, false);
  }

  /** What a tile does of this activation; {@link #NONE} if nothing. */
  public static Clamp of(Activation activation) {
    return switch (activation) {
      case Activation.Relu _ -> RELU;
      case Activation.Relu6 _ -> RELU6;
      case Activation.Clamp(float min, float max) -> new Clamp(min, max);
      case Activation.HardSwish _ -> HARD_SWISH;
      case Activation.None _,
          Activation.Silu _,
          Activation.Sigmoid _,
          Activation.HardSigmoid _,
          Activation.Gelu _,
          Activation.Tanh _,
          Activation.LeakyRelu _ ->
          NONE;
    };
  }

  /**
   * Whether tiles of vectors of so many bits clamp with the minimum and maximum of integers: an
   * instruction each, where comparing and blending take three steps of the processor. The bits of
   * numbers that are not negative have the order of integers, and those of negative ones are
   * negative; but what is NaN becomes a bound. With 512 bits, comparing and blending take two.
   */
  boolean boundsBits(int bits) {
    return bits < 512 && Float.floatToRawIntBits(min) == 0 && max > 0 && !hardSwish;
  }

  /** Whether a tile cannot do it, so that it must follow. */
  public static boolean leaves(Activation activation) {
    return switch (activation) {
      case Activation.Silu _,
          Activation.Sigmoid _,
          Activation.HardSigmoid _,
          Activation.Gelu _,
          Activation.Tanh _,
          Activation.LeakyRelu _ ->
          true;
      case Activation.None _,
          Activation.Relu _,
          Activation.Relu6 _,
          Activation.Clamp _,
          Activation.HardSwish _ ->
          false;
    };
  }

  /** The same of one value, in the steps that the emitted code takes. */
  static float of(float x, float min, float max, boolean hardSwish) {
    float y = hardSwish ? hardSwish(x) : x;
    y = y <= min ? min : y; // of zeros that of the bound
    return y > max ? max : y;
  }

  private static float hardSwish(float x) {
    float sum = x + 3;
    float gate = sum > 6 ? 6 : sum;
    float y = x * gate * (1 / 6f);
    return sum <= 0 ? 0 : y;
  }
}
