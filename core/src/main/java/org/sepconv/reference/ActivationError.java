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
   */
  static double after(Activation activation, double x, double error) {
    double y = Math.abs(activation.apply(x));
    double own =
        switch (activation) {
          // Selections: exact.
          case Activation.None _, Activation.Relu _, Activation.Relu6 _, Activation.Clamp _ -> 0;
          // One product.
          case Activation.LeakyRelu _ -> U * (y + error);
          // A sum, a product and a division in any order; near x = -3 the terms, at most 3, cancel.
          case Activation.HardSwish _ -> 4 * U * (y + 3 + error);
          // An exponential of 4 ulp, a sum and a division; below -87 float32 rounds to zero.
          case Activation.Silu _ -> 8 * U * (y + error) + 1e-36;
        };
    return activation.lipschitz() * error + own;
  }
}
