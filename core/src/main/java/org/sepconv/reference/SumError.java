package org.sepconv.reference;

/**
 * How far a float32 sum of products can be from the exact one. An infinite error promises nothing:
 * float32 may overflow on the way, and then the result depends on the order of summation.
 */
final class SumError {

  /** Unit roundoff of float32. */
  private static final double U = 0x1p-24;

  private SumError() {}

  /** The term where it is finite and positive, else 0. */
  static double positive(double term) {
    return Double.isFinite(term) ? Math.max(term, 0) : 0;
  }

  /** The largest relative error of a sum of n products in float32; infinite from 2^24 on. */
  static double gamma(int n) {
    return n * U < 1 ? n * U / (1 - n * U) : Double.POSITIVE_INFINITY;
  }

  /**
   * The error that the product {@code value * w} has from its first factor.
   *
   * @param error of {@code value}, as a float32 computation has it
   */
  static double inherited(double value, double error, double w) {
    if (error == 0 || Double.isNaN(w)) {
      return 0;
    }
    if (!(Math.abs(value) + error <= Float.MAX_VALUE)) {
      return Double.POSITIVE_INFINITY; // in float32 the value may be an infinity
    }
    if (Double.isInfinite(w)) {
      return Math.abs(value) > error ? 0 : Double.POSITIVE_INFINITY; // which one, if not NaN
    }
    return error * Math.abs(w);
  }

  /**
   * The error of the sum.
   *
   * @param sum exact; NaN or infinite if a term is
   * @param terms products, and one each for a bias and a residual
   * @param positive the sum of all finite positive terms
   * @param negative the sum of the absolute values of all finite negative terms
   * @param inherited the sum of the inherited errors
   */
  static double of(double sum, int terms, double positive, double negative, double inherited) {
    double magnitude = positive + negative;
    double error = gamma(terms) * (magnitude + inherited) + inherited;
    error += terms * Float.MIN_VALUE; // products that underflow
    boolean overflows = magnitude + error > Float.MAX_VALUE;
    boolean cancels = inherited > 0 || (positive > 0 && negative > 0);
    if (!Double.isFinite(sum)) {
      return overflows ? Double.POSITIVE_INFINITY : 0;
    }
    // Terms of one sign can only overflow to the infinity of that sign, which is accepted.
    return overflows && cancels ? Double.POSITIVE_INFINITY : error;
  }
}
