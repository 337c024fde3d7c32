package org.sepconv.cpu.scalar;

import org.sepconv.Activation;

/** Activations in float32, one value at a time. */
final class ScalarActivation {
  private ScalarActivation() {}

  static float apply(Activation activation, float x) {
    return switch (activation) {
      case Activation.None _ -> x;
      case Activation.Relu _ -> x < 0 ? 0 : x;
      case Activation.Relu6 _ -> clamp(x, 0, 6);
      case Activation.Clamp(float min, float max) -> clamp(x, min, max);
      case Activation.LeakyRelu(float slope) -> x < 0 ? slope * x : x;
      case Activation.HardSigmoid _ -> clamp(x + 3, 0, 6) * (1 / 6f);
      case Activation.HardSwish _ -> x <= -3 ? 0 : x * Math.min(x + 3, 6) * (1 / 6f);
      case Activation.Silu _ -> x == Float.NEGATIVE_INFINITY ? 0 : (float) (x / (1 + Math.exp(-x)));
      // Rounded once.
      case Activation.Sigmoid _, Activation.Gelu _, Activation.Tanh _ ->
          (float) activation.apply(x);
    };
  }

  /** Not Math.min and max, which are slower: a comparison with NaN is false, so NaN stays. */
  private static float clamp(float x, float min, float max) {
    float low = x < min ? min : x;
    return low > max ? max : low;
  }

  static void apply(Activation activation, float[] values, int from, int end) {
    if (activation instanceof Activation.None) {
      return;
    }
    for (int i = from; i < end; i++) {
      values[i] = apply(activation, values[i]);
    }
  }
}
