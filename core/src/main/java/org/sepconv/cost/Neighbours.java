package org.sepconv.cost;

import java.util.Arrays;

/**
 * What the sum of the features misses, from the measured points around: kernel ridge regression of
 * the logarithm of measured over fitted time (Rasmussen and Williams 2006, Gaussian Processes for
 * Machine Learning, chapters 2 and 5). Far from all points it is 0: no correction.
 *
 * <p>The scale of every coordinate is chosen so that each point is predicted best by the others.
 */
final class Neighbours {
  private static final double[] SCALES = {0.1, 0.25, 0.5, 1};
  private static final double[] NOISES = {0.02, 0.1, 0.5};
  private static final int PASSES = 2;

  private final double[][] points;
  private final double[] scales;
  private final double[] weights;

  private Neighbours(double[][] points, double[] scales, double[] weights) {
    this.points = points;
    this.scales = scales;
    this.weights = weights;
  }

  /** From the coordinates of points and the logarithms that were missed there. */
  static Neighbours of(double[][] points, double[] missed) {
    double[] scales = new double[points[0].length];
    Arrays.fill(scales, SCALES[1]);
    double noise = NOISES[1];
    double least = leftOut(points, missed, scales, noise);
    for (int pass = 0; pass < PASSES; pass++) {
      for (int i = 0; i < scales.length; i++) {
        double kept = scales[i];
        for (double scale : SCALES) {
          scales[i] = scale;
          double error = leftOut(points, missed, scales, noise);
          if (error < least) {
            least = error;
            kept = scale;
          }
        }
        scales[i] = kept;
      }
      for (double other : NOISES) {
        double error = leftOut(points, missed, scales, other);
        if (error < least) {
          least = error;
          noise = other;
        }
      }
    }
    return new Neighbours(points, scales, factor(points, scales, noise).solve(missed));
  }

  private static Cholesky factor(double[][] points, double[] scales, double noise) {
    int size = points.length;
    double[][] matrix = new double[size][size];
    for (int i = 0; i < size; i++) {
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = near(points[i], points[j], scales);
      }
      matrix[i][i] += noise;
    }
    return Cholesky.of(matrix);
  }

  /** The sum of the errors, each point predicted from all others. */
  private static double leftOut(double[][] points, double[] missed, double[] scales, double noise) {
    Cholesky factor = factor(points, scales, noise);
    double[] solved = factor.solve(missed);
    double[] diagonal = factor.inverseDiagonal();
    double sum = 0;
    for (int i = 0; i < solved.length; i++) {
      sum += Math.abs(solved[i] / diagonal[i]);
    }
    return sum;
  }

  private static double near(double[] a, double[] b, double[] scales) {
    double distance = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = (a[i] - b[i]) * scales[i];
      distance += difference * difference;
    }
    return Math.exp(-0.5 * distance);
  }

  /** The logarithm of what a fitted time is to be multiplied by. */
  double correction(double[] point) {
    double sum = 0;
    for (int i = 0; i < points.length; i++) {
      sum += weights[i] * near(point, points[i], scales);
    }
    return sum;
  }
}
