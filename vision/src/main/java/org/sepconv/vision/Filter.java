package org.sepconv.vision;

/** The weight of a pixel by its distance, in units that the shrinking stretches. */
enum Filter {
  BOX(0.5) {
    @Override
    double weight(double distance) {
      return distance > -0.5 && distance <= 0.5 ? 1 : 0;
    }
  },
  TRIANGLE(1) {
    @Override
    double weight(double distance) {
      return Math.max(0, 1 - Math.abs(distance));
    }
  },
  /** Keys's cubic with a = -0.5. */
  CUBIC(2) {
    @Override
    double weight(double distance) {
      double a = -0.5;
      double x = Math.abs(distance);
      if (x < 1) {
        return ((a + 2) * x - (a + 3)) * x * x + 1;
      }
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }
  };

  private final double support;

  Filter(double support) {
    this.support = support;
  }

  abstract double weight(double distance);

  /** Where the weights end. */
  double support() {
    return support;
  }
}
