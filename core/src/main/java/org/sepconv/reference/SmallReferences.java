package org.sepconv.reference;

import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference.Result;

/** Operations without weights, by their definitions. */
final class SmallReferences {
  private SmallReferences() {}

  static Result add(Problem problem, float[] first, float[] second) {
    Shape shape = problem.destination().shape();
    double[] values = new double[shape.elements()];
    double[] bounds = new double[values.length];
    // Both inputs lie as the output does.
    for (int i = 0; i < values.length; i++) {
      double a = first[i];
      double b = second[i];
      values[i] = a + b;
      bounds[i] =
          SumError.of(
              a + b,
              2,
              SumError.positive(a) + SumError.positive(b),
              SumError.positive(-a) + SumError.positive(-b),
              0);
    }
    return new Result(problem.destination(), values, bounds);
  }

  static Result globalAveragePool(Problem problem, float[] input) {
    TensorSpec source = problem.source();
    Shape in = source.shape();
    int pixels = in.h() * in.w();
    // N x C x 1 x 1 lies the same way in every layout.
    double[] values = new double[in.n() * in.c()];
    double[] bounds = new double[values.length];
    for (int n = 0; n < in.n(); n++) {
      for (int c = 0; c < in.c(); c++) {
        double sum = 0;
        double positive = 0;
        double negative = 0;
        for (int y = 0; y < in.h(); y++) {
          for (int x = 0; x < in.w(); x++) {
            double value = input[source.layout().index(in, n, c, y, x)];
            sum += value;
            positive += SumError.positive(value);
            negative += SumError.positive(-value);
          }
        }
        // One more rounding than the sum has: the division, or the product with 1 / pixels and
        // that.
        double error = SumError.of(sum, pixels + 2, positive, negative, 0);
        values[n * in.c() + c] = sum / pixels;
        bounds[n * in.c() + c] = error / pixels;
      }
    }
    return new Result(problem.destination(), values, bounds);
  }
}
