package org.sepconv.cli.compare;

import java.util.Locale;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.reference.Reference;

/**
 * How an output compares with the reference.
 *
 * @param problem what is wrong; empty if every value is within its bound
 * @param worstError the largest error as a share of its bound, over the values that have one
 */
record Agreement(Optional<String> problem, double worstError) {

  static Agreement of(Reference.Result expected, float[] actual) {
    int wrong = 0;
    int first = -1;
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      if (!expected.accepts(i, actual[i])) {
        first = wrong == 0 ? i : first;
        wrong++;
      }
      double error = Math.abs(actual[i] - expected.values()[i]);
      if (error > 0) {
        worst = Math.max(worst, error / expected.bounds()[i]);
      }
    }
    if (wrong == 0) {
      return new Agreement(Optional.empty(), worst);
    }
    String problem =
        String.format(
            Locale.ROOT,
            "%,d of %,d values differ from the reference; the first at %s is %s, but should be %s"
                + " within %.1e",
            wrong,
            actual.length,
            position(expected, first),
            actual[first],
            (float) expected.values()[first],
            expected.bounds()[first]);
    return new Agreement(Optional.of(problem), worst);
  }

  private static String position(Reference.Result expected, int index) {
    Shape shape = expected.spec().shape();
    Layout layout = expected.spec().layout();
    int image = shape.c() * shape.h() * shape.w();
    int inImage = index % image;
    int c = inImage / layout.channelStride(shape) % shape.c();
    int y = inImage / layout.rowStride(shape) % shape.h();
    int x = inImage / layout.columnStride(shape) % shape.w();
    return "n=%d c=%d y=%d x=%d".formatted(index / image, c, y, x);
  }
}
