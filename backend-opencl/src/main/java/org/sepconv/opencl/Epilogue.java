package org.sepconv.opencl;

import org.sepconv.Activation;

/**
 * An activation as kernels know it.
 *
 * @param kind which {@code ACTIVATE_} macro of common.cl
 * @param low its first parameter: the lower bound, or the slope
 * @param high its second parameter
 */
record Epilogue(String kind, float low, float high) {

  static Epilogue of(Activation activation) {
    return switch (activation) {
      case Activation.None _ -> clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
      case Activation.Relu _ -> clamp(0, Float.POSITIVE_INFINITY);
      case Activation.Relu6 _ -> clamp(0, 6);
      case Activation.Clamp(float min, float max) -> clamp(min, max);
      case Activation.LeakyRelu(float slope) -> new Epilogue("LEAKY", slope, 0);
      case Activation.HardSwish _ -> new Epilogue("HARD_SWISH", 0, 0);
      case Activation.Silu _ -> new Epilogue("SILU", 0, 0);
    };
  }

  private static Epilogue clamp(float low, float high) {
    return new Epilogue("CLAMP", low, high);
  }
}
