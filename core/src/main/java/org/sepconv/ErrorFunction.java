package org.sepconv;

/**
 * The error function in float64, which the JDK lacks, by the rational approximations of W. J. Cody,
 * "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969), with the
 * coefficients of his program CALERF (netlib, specfun).
 */
final class ErrorFunction {
  // Each numerator and denominator from the highest power down; the denominators begin with a 1.

  private static final double[] SMALL_NUMERATOR = {
    1.85777706184603153e-1,
    3.16112374387056560e0,
    1.13864154151050156e2,
    3.77485237685302021e2,
    3.20937758913846947e3
  };

  private static final double[] SMALL_DENOMINATOR = {
    1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3
  };

  private static final double[] MIDDLE_NUMERATOR = {
    2.15311535474403846e-8,
    5.64188496988670089e-1,
    8.88314979438837594e0,
    6.61191906371416295e1,
    2.98635138197400131e2,
    8.81952221241769090e2,
    1.71204761263407058e3,
    2.05107837782607147e3,
    1.23033935479799725e3
  };

  private static final double[] MIDDLE_DENOMINATOR = {
    1,
    1.57449261107098347e1,
    1.17693950891312499e2,
    5.37181101862009858e2,
    1.62138957456669019e3,
    3.29079923573345963e3,
    4.36261909014324716e3,
    3.43936767414372164e3,
    1.23033935480374942e3
  };

  private static final double[] LARGE_NUMERATOR = {
    1.63153871373020978e-2,
    3.05326634961232344e-1,
    3.60344899949804439e-1,
    1.25781726111229246e-1,
    1.60837851487422766e-2,
    6.58749161529837803e-4
  };

  private static final double[] LARGE_DENOMINATOR = {
    1,
    2.56852019228982242e0,
    1.87295284992346725e0,
    5.27905102951428412e-1,
    6.05183413124413191e-2,
    2.33520497626869185e-3
  };

  private static final double ONE_OVER_SQRT_PI = 5.6418958354775628695e-1;

  private ErrorFunction() {}

  /** {@code erf(x)} with a relative error below 1e-15. */
  static double of(double x) {
    return Math.abs(x) <= 0.46875
        ? x * ratio(SMALL_NUMERATOR, SMALL_DENOMINATOR, x * x)
        : 1 - complement(x);
  }

  /** {@code 1 - erf(x)} with a relative error below 1e-15, also where it is tiny. */
  static double complement(double x) {
    double y = Math.abs(x);
    if (y <= 0.46875) {
      return 1 - x * ratio(SMALL_NUMERATOR, SMALL_DENOMINATOR, y * y);
    }
    double tail;
    if (y <= 4) {
      tail = ratio(MIDDLE_NUMERATOR, MIDDLE_DENOMINATOR, y) * expOfMinusSquare(y);
    } else if (y > 27.5) {
      tail = 0; // below the smallest double
    } else {
      double z = 1 / (y * y);
      double correction = z * ratio(LARGE_NUMERATOR, LARGE_DENOMINATOR, z);
      tail = (ONE_OVER_SQRT_PI - correction) / y * expOfMinusSquare(y);
    }
    return x < 0 ? 2 - tail : tail;
  }

  private static double ratio(double[] numerator, double[] denominator, double x) {
    return polynomial(numerator, x) / polynomial(denominator, x);
  }

  private static double polynomial(double[] coefficients, double x) {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum = sum * x + coefficient;
    }
    return sum;
  }

  /** In two factors, for the rounding error of y * y would be amplified: the first is exact. */
  private static double expOfMinusSquare(double y) {
    double sixteenths = Math.rint(y * 16) / 16;
    double rest = (y - sixteenths) * (y + sixteenths);
    return Math.exp(-sixteenths * sixteenths) * Math.exp(-rest);
  }
}
