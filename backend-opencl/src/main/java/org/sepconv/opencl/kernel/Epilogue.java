package org.sepconv.opencl.kernel;

import java.util.Map;
import java.util.stream.Stream;
import org.sepconv.Activation;

/**
 * An activation as the kernels know it, in common.cl.
 *
 * @param kind its number; {@link #CLAMP} covers the identity and every ReLU
 * @param low its first parameter: the lower bound, or the slope
 * @param high its second parameter
 */
record Epilogue(int kind, float low, float high) {
  private static final int CLAMP = 0;
  private static final int LEAKY = 1;
  private static final int HARD_SWISH = 2;
  private static final int HARD_SIGMOID = 3;
  private static final int SILU = 4;
  private static final int SIGMOID = 5;
  private static final int GELU = 6;
  private static final int TANH = 7;

  static Epilogue of(Activation activation) {
    return switch (activation) {
      case Activation.None _ -> clamp(Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY);
      case Activation.Relu _ -> clamp(0, Float.POSITIVE_INFINITY);
      case Activation.Relu6 _ -> clamp(0, 6);
      case Activation.Clamp(float min, float max) -> clamp(min, max);
      case Activation.LeakyRelu(float slope) -> new Epilogue(LEAKY, slope, 0);
      case Activation.HardSwish _ -> new Epilogue(HARD_SWISH, 0, 0);
      case Activation.Silu _ -> new Epilogue(SILU, 0, 0);
      case Activation.Sigmoid _ -> new Epilogue(SIGMOID, 0, 0);
      case Activation.HardSigmoid _ -> new Epilogue(HARD_SIGMOID, 0, 0);
      case Activation.Gelu _ -> new Epilogue(GELU, 0, 0);
      case Activation.Tanh _ -> new Epilogue(TANH, 0, 0);
    };
  }

  private static Epilogue clamp(float low, float high) {
    return new Epilogue(CLAMP, low, high);
  }

  /**
   * The constants of a program that applies all of these.
   *
   * @param residual whether it adds one before the last
   */
  static Map<String, String> constants(boolean residual, Epilogue... epilogues) {
    int most = Stream.of(epilogues).mapToInt(Epilogue::kind).max().orElse(CLAMP);
    String activation = most == CLAMP ? "CLAMP" : most < GELU ? "ANY" : "ALL";
    return residual ? Map.of("ACT", activation, "RESIDUAL", "") : Map.of("ACT", activation);
  }
}
