package org.sepconv.reference;

/** How the errors of several inputs make up the error of what is computed from them. */
enum Propagation {
  /** All errors at their worst at once: what no correct result can exceed. */
  WORST {
    @Override
    double add(double sum, double error) {
      return sum + error;
    }

    @Override
    double total(double sum) {
      return sum;
    }
  },

  /**
   * Errors independent of each other, which add up as their squares do (Higham and Mary, A new
   * approach to probabilistic rounding error analysis, 2019). Through the layers of a network the
   * worst case grows without bound, by the sum of |w| in each; this one stays as large as real
   * errors may become.
   */
  INDEPENDENT {
    @Override
    double add(double sum, double error) {
      return sum + error * error;
    }

    @Override
    double total(double sum) {
      return Math.sqrt(sum);
    }
  };

  /** Adds one error to a sum that started at 0. */
  abstract double add(double sum, double error);

  /** What the sum of errors amounts to. */
  abstract double total(double sum);

  /** Two errors together. */
  double both(double first, double second) {
    return total(add(add(0, first), second));
  }
}
