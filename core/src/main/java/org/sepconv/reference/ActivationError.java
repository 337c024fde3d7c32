package org.sepconv.reference;

import org.sepconv.Activation;

/** What an activation does to an error: it stretches that of its argument, and may add its own. */
final class ActivationError {
  private static final double U = 0x1p-24;

  private ActivationError() {}

  /**
   * The error bound after the activation.
   *
   * @param x the exact argument
   * @param error the bound on the argument's error
   * @param propagation whether the steepest slope counts, or the one around {@code x}
   */
  static double after(Activation activation, double x, double error, Propagation propagation) {
    if (!Double.isFinite(x) || error == Double.POSITIVE_INFINITY) {
      return error; // a limit, or nothing to promise
    }
    if (overflows(activation, Math.abs(x) + error)) {
      return Double.POSITIVE_INFINITY;
    }
    double y = Math.abs(activation.apply(x));
    double own =
        switch (activation) {
          // Selections: exact.
          case Activation.None _, Activation.Relu _, Activation.Relu6 _, Activation.Clamp _ -> 0;
          // One product.
          case Activation.LeakyRelu _ -> U * (y + error);
          // A sum, a product and a division in any order; near x = -3 the terms, at most 3, cancel.
          case Activation.HardSwish _ -> 4 * U * (y + 3 + error);
          // An exponential of 4 ulp (8 u), a sum and a division; below -87 float32 rounds to zero.
          case Activation.Silu _, Activation.Sigmoid _ -> 10 * U * (y + error) + 1e-36;
          // A sum and a division of what is at most 1, or a product with 1/6 of at most 1/2 and a
          // sum.
          case Activation.HardSigmoid _ -> 3 * U * (y + 1);
          // An erf of 16 ulp that is -1 below -16, a sum and two products; where 1 + erf cancels,
          // the error is one of x.
          case Activation.Gelu _ -> 12 * U * (Math.max(x, Math.min(-x, 16)) + error);
          // A function of 5 ulp.
          case Activation.Tanh _ -> 10 * U * (y + error);
        };
    return inherited(activation, x, error, propagation) + own;
  }

  private static double inherited(
      Activation activation, double x, double error, Propagation propagation) {
    return switch (propagation) {
      case WORST -> activation.lipschitz() * error;
      case INDEPENDENT -> {
        double y = activation.apply(x);
        yield Math.max(
            Math.abs(activation.apply(x - error) - y), Math.abs(activation.apply(x + error) - y));
      }
    };
  }

  /** Whether float32 may make an infinity of an argument this large, where float64 does not. */
  private static boolean overflows(Activation activation, double magnitude) {
    return switch (activation) {
      case Activation.LeakyRelu _ -> magnitude > Float.MAX_VALUE;
      case Activation.HardSwish _ -> magnitude > Float.MAX_VALUE / 6; // its product with 6
      case Activation.Gelu _ -> magnitude > Float.MAX_VALUE / 2; // its product with 2
      case Activation.None _,
          Activation.Relu _,
          Activation.Relu6 _,
          Activation.Clamp _,
          Activation.Silu _,
          Activation.Sigmoid _,
          Activation.HardSigmoid _,
          Activation.Tanh _ ->
          false;
    };
  }
}
