package org.sepconv.cases;

import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.reference.Reference;

/**
 * How an output compares with the reference.
 *
 * @param shape of the output
 * @param exact whether the values had to be equal (0 is -0), not only within their bounds
 * @param worstError the largest error as a share of its bound, over the values that have an error:
 *     NaN has none
 * @param undefined wrong values that have no error: NaN where there should be a number, or the
 *     other way round
 * @param differences what is wrong; empty if every value is right
 */
public record Agreement(
    Shape shape,
    boolean exact,
    double worstError,
    int undefined,
    Optional<Differences> differences) {

  /** An index of the output. */
  public record Place(int n, int c, int y, int x) {

    private Place lower(Place other) {
      return new Place(
          Math.min(n, other.n), Math.min(c, other.c), Math.min(y, other.y), Math.min(x, other.x));
    }

    private Place higher(Place other) {
      return new Place(
          Math.max(n, other.n), Math.max(c, other.c), Math.max(y, other.y), Math.max(x, other.x));
    }

    @Override
    public String toString() {
      return "n=%d c=%d y=%d x=%d".formatted(n, c, y, x);
    }
  }

  /**
   * A wrong value.
   *
   * @param bound the largest error of a correct float32 result
   */
  public record Difference(Place place, double expected, double bound, float actual) {}

  /**
   * All wrong values.
   *
   * @param first in the order of n, c, y, x, whatever the layout
   * @param lowest a corner of the box that they are in: often enough to see what is wrong
   * @param highest the corner opposite
   */
  public record Differences(int count, Difference first, Place lowest, Place highest) {

    private static Differences of(Difference only) {
      return new Differences(1, only, only.place, only.place);
    }

    private Differences and(Place place) {
      return new Differences(count + 1, first, lowest.lower(place), highest.higher(place));
    }
  }

  /** Compares an output that is in the layout of the reference, within its bounds. */
  public static Agreement of(Reference.Result expected, float[] actual) {
    return of(expected, false, actual, expected.spec().layout());
  }

  /**
   * Compares an output in any layout.
   *
   * @param exact whether values must be equal; else within their bounds
   * @throws IllegalStateException if the output has another number of values
   */
  public static Agreement of(
      Reference.Result expected, boolean exact, float[] actual, Layout layout) {
    Shape shape = expected.spec().shape();
    if (actual.length != shape.elements()) {
      throw new IllegalStateException(
          "%d values were computed instead of %d".formatted(actual.length, shape.elements()));
    }
    Comparison comparison = new Comparison(expected, exact, actual, layout);
    for (int n = 0; n < shape.n(); n++) {
      for (int c = 0; c < shape.c(); c++) {
        for (int y = 0; y < shape.h(); y++) {
          for (int x = 0; x < shape.w(); x++) {
            comparison.compare(n, c, y, x);
          }
        }
      }
    }
    return new Agreement(
        shape, exact, comparison.worstError, comparison.undefined, comparison.differences);
  }

  private static final class Comparison {
    private final Reference.Result expected;
    private final Shape shape;
    private final boolean exact;
    private final float[] actual;
    private final Layout layout;
    private double worstError;
    private int undefined;
    private Optional<Differences> differences = Optional.empty();

    Comparison(Reference.Result expected, boolean exact, float[] actual, Layout layout) {
      this.expected = expected;
      this.shape = expected.spec().shape();
      this.exact = exact;
      this.actual = actual;
      this.layout = layout;
    }

    void compare(int n, int c, int y, int x) {
      int index = expected.spec().layout().index(shape, n, c, y, x);
      float value = actual[layout.index(shape, n, c, y, x)];
      double right = expected.values()[index];
      double bound = exact ? 0 : expected.bounds()[index];
      double error = Math.abs(value - right);
      if (error > 0) {
        worstError = Math.max(worstError, error / bound);
      }
      if (exact ? sameValue(value, right) : expected.accepts(index, value)) {
        return;
      }
      undefined += Double.isNaN(error) ? 1 : 0;
      Place place = new Place(n, c, y, x);
      differences =
          Optional.of(
              differences
                  .map(before -> before.and(place))
                  .orElseGet(() -> Differences.of(new Difference(place, right, bound, value))));
    }

    private static boolean sameValue(float value, double right) {
      return value == right || Float.isNaN(value) && Double.isNaN(right);
    }
  }

  /** How many values are wrong. */
  public int wrong() {
    return differences.map(Differences::count).orElse(0);
  }

  /**
   * The largest error over its bound: at most 1 if every value is right; infinite where a wrong
   * value has no error.
   */
  public double errorOverBound() {
    return undefined > 0 ? Double.POSITIVE_INFINITY : worstError;
  }

  /** What is wrong, for somebody who has to find the reason; empty if nothing. */
  public Optional<String> problem() {
    return differences.map(this::describe);
  }

  private String describe(Differences all) {
    Difference first = all.first;
    String allowed =
        exact
            ? "0, for these sums are exact"
            : "%.3g, and the error is %.3g"
                .formatted(first.bound, Math.abs(first.actual - first.expected));
    return "%d of %d outputs are wrong, first at %s: expected %s, got %s (allowed error %s); all wrong ones are in n %d-%d, c %d-%d, y %d-%d, x %d-%d of %s"
        .formatted(
            all.count,
            shape.elements(),
            first.place,
            first.expected,
            first.actual,
            allowed,
            all.lowest.n,
            all.highest.n,
            all.lowest.c,
            all.highest.c,
            all.lowest.y,
            all.highest.y,
            all.lowest.x,
            all.highest.x,
            shape);
  }
}
