package org.sepconv.cost;

/**
 * Least squares with coefficients that are not negative, on the normal equations (Lawson and Hanson
 * 1974, Solving Least Squares Problems, chapter 23; Bro and De Jong 1997).
 */
final class NonNegativeLeastSquares {
  private static final double TOLERANCE = 1e-12;

  /** Columns that say the same would make the equations singular. */
  private static final double RIDGE = 1e-10;

  private NonNegativeLeastSquares() {}

  /**
   * The coefficients {@code x >= 0} with the smallest {@code |rows * x - values|}.
   *
   * @param rows of one length each; at least one
   */
  static double[] solve(double[][] rows, double[] values) {
    int columns = rows[0].length;
    double[] scale = new double[columns];
    for (double[] row : rows) {
      for (int j = 0; j < columns; j++) {
        scale[j] += row[j] * row[j];
      }
    }
    for (int j = 0; j < columns; j++) {
      scale[j] = scale[j] == 0 ? 0 : 1 / Math.sqrt(scale[j]);
    }
    double[][] gram = new double[columns][columns];
    double[] target = new double[columns];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < columns; j++) {
        double value = rows[i][j] * scale[j];
        target[j] += value * values[i];
        for (int k = 0; k < columns; k++) {
          gram[j][k] += value * rows[i][k] * scale[k];
        }
      }
    }
    for (int j = 0; j < columns; j++) {
      gram[j][j] += RIDGE;
    }
    double[] solution = activeSet(gram, target);
    for (int j = 0; j < columns; j++) {
      solution[j] *= scale[j];
    }
    return solution;
  }

  private static double[] activeSet(double[][] gram, double[] target) {
    int columns = target.length;
    double[] solution = new double[columns];
    boolean[] free = new boolean[columns];
    for (int step = 0; step < 10 * columns; step++) {
      int best = steepest(gram, target, solution, free);
      if (best < 0) {
        break;
      }
      free[best] = true;
      while (true) {
        double[] candidate = solveFree(gram, target, free);
        double share = 1;
        for (int j = 0; j < columns; j++) {
          if (free[j] && candidate[j] <= 0) {
            share = Math.min(share, solution[j] / (solution[j] - candidate[j]));
          }
        }
        boolean feasible = true;
        for (int j = 0; j < columns; j++) {
          boolean wasNegative = free[j] && candidate[j] <= 0;
          solution[j] += share * (candidate[j] - solution[j]);
          if (wasNegative && solution[j] <= TOLERANCE) {
            solution[j] = 0;
            free[j] = false;
            feasible = false;
          }
        }
        if (feasible) {
          break;
        }
      }
    }
    return solution;
  }

  /** The coefficient at 0 that would lower the error most; -1 if none would. */
  private static int steepest(double[][] gram, double[] target, double[] solution, boolean[] free) {
    int best = -1;
    double most = TOLERANCE;
    for (int j = 0; j < solution.length; j++) {
      double gradient = target[j];
      for (int k = 0; k < solution.length; k++) {
        gradient -= gram[j][k] * solution[k];
      }
      if (!free[j] && gram[j][j] > 2 * RIDGE && gradient > most) {
        most = gradient;
        best = j;
      }
    }
    return best;
  }

  private static double[] solveFree(double[][] gram, double[] target, boolean[] free) {
    int[] chosen = new int[target.length];
    int count = 0;
    for (int j = 0; j < target.length; j++) {
      if (free[j]) {
        chosen[count++] = j;
      }
    }
    double[][] part = new double[count][count];
    double[] right = new double[count];
    for (int i = 0; i < count; i++) {
      right[i] = target[chosen[i]];
      for (int j = 0; j < count; j++) {
        part[i][j] = gram[chosen[i]][chosen[j]];
      }
    }
    double[] found = Cholesky.of(part).solve(right);
    double[] all = new double[target.length];
    for (int i = 0; i < count; i++) {
      all[chosen[i]] = found[i];
    }
    return all;
  }
}
