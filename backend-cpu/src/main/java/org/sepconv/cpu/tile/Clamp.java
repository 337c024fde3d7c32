package org.sepconv.cpu.tile;

import org.sepconv.Activation;

/**
 * The activations that a tile applies to sums that are still in registers; the others are applied
 * to the values in the cache, by whoever calls the tile.
 *
 * @param min lower bound, or negative infinity for none
 * @param max upper bound, or infinity for none
 */
public record Clamp(float min, float max) {
  static final Clamp NONE = new Clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
  private static final Clamp RELU = new Clamp(0, Float.POSITIVE_INFINITY);
  private static final Clamp RELU6 = new Clamp(0, 6);

  /** What a tile does of this activation; {@link #NONE} if nothing. */
  public static Clamp of(Activation activation) {
    return switch (activation) {
      case Activation.Relu _ -> RELU;
      case Activation.Relu6 _ -> RELU6;
      case Activation.Clamp(float min, float max) -> new Clamp(min, max);
      case Activation.None _,
          Activation.HardSwish _,
          Activation.Silu _,
          Activation.Sigmoid _,
          Activation.HardSigmoid _,
          Activation.Gelu _,
          Activation.Tanh _,
          Activation.LeakyRelu _ ->
          NONE;
    };
  }

  /** Whether a tile cannot do it, so that it must follow. */
  public static boolean leaves(Activation activation) {
    return switch (activation) {
      case Activation.HardSwish _,
          Activation.Silu _,
          Activation.Sigmoid _,
          Activation.HardSigmoid _,
          Activation.Gelu _,
          Activation.Tanh _,
          Activation.LeakyRelu _ ->
          true;
      case Activation.None _, Activation.Relu _, Activation.Relu6 _, Activation.Clamp _ -> false;
    };
  }
}
