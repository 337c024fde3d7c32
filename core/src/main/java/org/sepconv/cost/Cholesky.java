package org.sepconv.cost;

/** A symmetric positive definite matrix as the product of a lower triangle and its transpose. */
record Cholesky(double[][] lower) {

  /** Below this the matrix is taken as singular, and the direction left out. */
  private static final double LEAST_PIVOT = 1e-14;

  static Cholesky of(double[][] matrix) {
    int size = matrix.length;
    double[][] lower = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = matrix[i][j];
        for (int k = 0; k < j; k++) {
          sum -= lower[i][k] * lower[j][k];
        }
        lower[i][j] = i == j ? Math.sqrt(Math.max(sum, LEAST_PIVOT)) : sum / lower[j][j];
      }
    }
    return new Cholesky(lower);
  }

  double[] solve(double[] right) {
    int size = right.length;
    double[] found = right.clone();
    for (int i = 0; i < size; i++) {
      for (int k = 0; k < i; k++) {
        found[i] -= lower[i][k] * found[k];
      }
      found[i] /= lower[i][i];
    }
    for (int i = size - 1; i >= 0; i--) {
      for (int k = i + 1; k < size; k++) {
        found[i] -= lower[k][i] * found[k];
      }
      found[i] /= lower[i][i];
    }
    return found;
  }

  /** The diagonal of the inverse. */
  double[] inverseDiagonal() {
    int size = lower.length;
    double[] diagonal = new double[size];
    for (int column = 0; column < size; column++) {
      double[] unit = new double[size];
      for (int i = column; i < size; i++) {
        double sum = i == column ? 1 : 0;
        for (int k = column; k < i; k++) {
          sum -= lower[i][k] * unit[k];
        }
        unit[i] = sum / lower[i][i];
        diagonal[column] += unit[i] * unit[i];
      }
    }
    return diagonal;
  }
}
