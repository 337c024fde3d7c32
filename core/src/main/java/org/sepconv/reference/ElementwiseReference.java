package org.sepconv.reference;

import java.util.List;
import org.sepconv.Activate;
import org.sepconv.BatchNorm;
import org.sepconv.Binary;
import org.sepconv.Elementwise;
import org.sepconv.Layout;
import org.sepconv.Quantize;
import org.sepconv.Shape;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Unary;
import org.sepconv.reference.Reference.Result;

/** Operations on each value alone, by their definitions. */
final class ElementwiseReference {
  private static final double U = 0x1p-24;

  private ElementwiseReference() {}

  static Result run(
      Elementwise operation, List<Result> inputs, TensorSpec output, Propagation propagation) {
    Result first = inputs.getFirst();
    return switch (operation) {
      case Activate activate ->
          map(
              output,
              (place, result) -> {
                int from = index(first, place);
                double x = first.values()[from];
                result.set(
                    activate.activation().apply(x),
                    ActivationError.after(
                        activate.activation(), x, first.bounds()[from], propagation));
              });
      case SquareRoot _ ->
          map(
              output,
              (place, result) -> {
                int from = index(first, place);
                double x = first.values()[from];
                result.set(Math.sqrt(x), rootError(x, first.bounds()[from]));
              });
      case Quantize quantize ->
          map(
              output,
              (place, result) -> {
                int from = index(first, place);
                double x = first.values()[from];
                result.set(quantize.apply(x), quantizeError(quantize, x, first.bounds()[from]));
              });
      case Unary(Unary.Function function) ->
          map(
              output,
              (place, result) -> {
                int from = index(first, place);
                double x = first.values()[from];
                double value = function.apply(x);
                result.set(value, unaryError(function, x, first.bounds()[from], value));
              });
      case Binary(Binary.Function function) -> {
        Result second = inputs.getLast();
        yield map(
            output,
            (place, result) -> {
              int a = index(first, place);
              int b = index(second, place);
              double x = first.values()[a];
              double y = second.values()[b];
              double value = function.apply(x, y);
              double error =
                  binaryError(
                      function, x, first.bounds()[a], y, second.bounds()[b], value, propagation);
              result.set(value, error);
            });
      }
    };
  }

  static Result batchNorm(BatchNorm norm, Result input, TensorSpec output) {
    float[] beta = norm.beta();
    float[] mean = norm.mean();
    return map(
        output,
        (place, result) -> {
          int from = index(input, place);
          int c = place[1];
          double x = input.values()[from];
          double scale = norm.scale(c);
          double value = (x - mean[c]) * scale + beta[c];
          // The scale and the shift rounded, or not; then a product and a sum.
          double terms = Math.abs(x * scale) + Math.abs(mean[c] * scale) + Math.abs(beta[c]);
          double error = Math.abs(scale) * input.bounds()[from] + 8 * U * terms + Float.MIN_VALUE;
          result.set(value, ofFinite(value, input.bounds()[from], terms, error));
        });
  }

  private static double rootError(double x, double error) {
    if (x < 0 && error == 0 || Double.isNaN(x)) {
      return 0; // NaN, for sure
    }
    if (x - error < 0 || error == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY; // perhaps NaN
    }
    if (x == Double.POSITIVE_INFINITY) {
      return 0;
    }
    return Math.sqrt(x + error) - Math.sqrt(x - error) + 4 * U * Math.sqrt(x + error);
  }

  /**
   * A value that may lie on either side of the middle between two steps may become either of them:
   * so the error is none, or whole steps. What decides is the quotient in float32, up to 2.5 ulp
   * from the exact one.
   */
  private static double quantizeError(Quantize quantize, double x, double ex) {
    if (Double.isNaN(x) || ex == Double.POSITIVE_INFINITY) {
      return ex;
    }
    double steps = x / quantize.step();
    double value = quantize.ofSteps(steps);
    double jump = 0;
    if (Double.isFinite(steps)) {
      double inherited = ex / quantize.step();
      double error = inherited + 5 * U * (Math.abs(steps) + inherited) + Float.MIN_VALUE;
      jump =
          Math.max(
              Math.abs(quantize.ofSteps(steps + error) - value),
              Math.abs(quantize.ofSteps(steps - error) - value));
    }
    return jump + U * (Math.abs(value) + jump) + Float.MIN_VALUE;
  }

  private static double unaryError(Unary.Function function, double x, double ex, double value) {
    if (ex == Double.POSITIVE_INFINITY) {
      return ex;
    }
    return switch (function) {
      case ABSOLUTE, NEGATIVE -> ex;
      case RECIPROCAL -> binaryError(Binary.Function.DIVIDE, 1, 0, x, ex, value, Propagation.WORST);
      case EXPONENTIAL -> {
        double inherited = ex == 0 ? 0 : Math.exp(x + ex) - value;
        // 4 ulp; below -87 float32 rounds to zero, and some stop at the smallest normal number.
        yield ofFinite(value, ex, value, inherited + 8 * U * (value + inherited) + 1e-36);
      }
      case LOGARITHM -> {
        if (ex > 0 && x - ex <= 0) {
          yield Double.POSITIVE_INFINITY; // perhaps NaN
        }
        double inherited = ex == 0 ? 0 : value - Math.log(x - ex);
        yield ofFinite(value, ex, 0, inherited + 8 * U * (Math.abs(value) + inherited));
      }
      // OpenCL allows 16 ulp; the slope is 2 over the root of pi at most.
      case ERROR_FUNCTION -> 1.13 * ex + 32 * U * (Math.abs(value) + ex) + Float.MIN_NORMAL;
    };
  }

  private static double binaryError(
      Binary.Function function,
      double x,
      double ex,
      double y,
      double ey,
      double value,
      Propagation propagation) {
    if (ex == Double.POSITIVE_INFINITY || ey == Double.POSITIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    return switch (function) {
      case ADD -> sumError(x, y, value, propagation.both(ex, ey));
      case SUBTRACT -> sumError(x, -y, value, propagation.both(ex, ey));
      case MULTIPLY -> {
        double inherited = propagation.both(Math.abs(y) * ex, Math.abs(x) * ey) + ex * ey;
        double own = U * (Math.abs(value) + inherited) + Float.MIN_VALUE;
        yield ofFinite(value, ex + ey, Math.abs(value), inherited + own);
      }
      case DIVIDE -> {
        double least = Math.abs(y) - ey;
        if (ey > 0 && least <= 0) {
          yield Double.POSITIVE_INFINITY; // perhaps by zero
        }
        double inherited = propagation.both(ex / least, Math.abs(x) * ey / (least * least));
        double own = 4 * U * (Math.abs(value) + inherited) + 2 * Float.MIN_NORMAL;
        yield ofFinite(value, ex + ey, Math.abs(value), (ex + ey > 0 ? inherited : 0) + own);
      }
      case MINIMUM, MAXIMUM -> Math.max(ex, ey);
      case PRELU -> {
        double ofProduct = binaryError(Binary.Function.MULTIPLY, x, ex, y, ey, x * y, propagation);
        if (x - ex >= 0) {
          yield ex;
        }
        yield x + ex < 0 ? ofProduct : Math.max(ex, ofProduct) + Math.abs(y) * ex;
      }
      case POWER -> {
        if (ex + ey > 0 && x - ex <= 0) {
          yield Double.POSITIVE_INFINITY; // perhaps NaN, or the other sign
        }
        // The largest slopes lie at a corner of what the arguments may be.
        double most = 0;
        for (double a : new double[] {x - ex, x + ex}) {
          for (double b : new double[] {y - ey, y + ey}) {
            most = Math.max(most, Math.abs(Math.pow(a, b) - value));
          }
        }
        double inherited = ex + ey > 0 ? most : 0;
        // OpenCL allows 16 ulp.
        double own = 32 * U * (Math.abs(value) + inherited) + 2 * Float.MIN_NORMAL;
        yield ofFinite(value, ex + ey, Math.abs(value), inherited + own);
      }
    };
  }

  private static double sumError(double a, double b, double sum, double inherited) {
    return SumError.of(
        sum,
        2,
        SumError.positive(a) + SumError.positive(b),
        SumError.positive(-a) + SumError.positive(-b),
        inherited);
  }

  /** Where the value is none, or float32 may overflow on the way, nothing else can be said. */
  private static double ofFinite(double value, double inherited, double terms, double error) {
    if (!Double.isFinite(value)) {
      return inherited > 0 ? Double.POSITIVE_INFINITY : 0;
    }
    return inherited > 0 && terms + error > Float.MAX_VALUE ? Double.POSITIVE_INFINITY : error;
  }

  /** Where a value lies in an input that is repeated along dimensions of length 1. */
  private static int index(Result input, int[] place) {
    Shape shape = input.spec().shape();
    return input
        .spec()
        .layout()
        .index(
            shape,
            shape.n() == 1 ? 0 : place[0],
            shape.c() == 1 ? 0 : place[1],
            shape.h() == 1 ? 0 : place[2],
            shape.w() == 1 ? 0 : place[3]);
  }

  /** A value and its error. */
  static final class Value {
    private double value;
    private double bound;

    void set(double computed, double error) {
      value = computed;
      bound = error;
    }
  }

  /** Computes the value of a place: N, C, H, W. */
  interface Definition {
    void compute(int[] place, Value result);
  }

  /** What a definition gives at each place of the output. */
  static Result map(TensorSpec output, Definition definition) {
    Shape shape = output.shape();
    Layout layout = output.layout();
    double[] values = new double[shape.elements()];
    double[] bounds = new double[shape.elements()];
    int[] place = new int[4];
    Value result = new Value();
    for (int n = 0; n < shape.n(); n++) {
      for (int c = 0; c < shape.c(); c++) {
        for (int y = 0; y < shape.h(); y++) {
          for (int x = 0; x < shape.w(); x++) {
            int index = layout.index(shape, n, c, y, x);
            place[0] = n;
            place[1] = c;
            place[2] = y;
            place[3] = x;
            definition.compute(place, result);
            values[index] = result.value;
            bounds[index] = result.bound;
          }
        }
      }
    }
    return new Result(output, values, bounds);
  }
}
