package org.sepconv.cases;

import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.reference.Reference;

/**
 * A case with its numbers, and what must come out. The reference is the slow part: it is computed
 * once, and compared with outputs in any layout.
 */
public record Expectation(ShapeCase shape, TestData data, Reference.Result reference) {

  /** Computes what must come out of a case on numbers of this kind. */
  public static Expectation of(ShapeCase shape, DataKind kind, long seed) {
    return of(shape, TestData.of(shape, kind, seed));
  }

  /** Computes what must come out of a case on these numbers. */
  public static Expectation of(ShapeCase shape, TestData data) {
    TensorSpec source = TensorSpec.nchw(shape.input());
    return new Expectation(
        shape,
        data,
        Reference.run(shape.convolution(), data.weights(), source, data.input(), data.residual()));
  }

  /** The input in the order of {@code layout}. */
  public float[] input(Layout layout) {
    return Layout.NCHW.convert(shape.input(), data.input(), layout);
  }

  /** The residual in the order of {@code layout}, where there is one. */
  public Optional<float[]> residual(Layout layout) {
    return data.residual().map(values -> Layout.NCHW.convert(shape.output(), values, layout));
  }

  /** What is wrong with an output, for somebody who has to find the reason; empty if nothing. */
  public Optional<String> difference(float[] actual, Layout layout) {
    Shape out = reference.spec().shape();
    Differences differences = new Differences(out);
    int expected = 0;
    for (int n = 0; n < out.n(); n++) {
      for (int c = 0; c < out.c(); c++) {
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            float value = actual[layout.index(out, n, c, y, x)];
            if (!accepts(expected, value)) {
              differences.add(n, c, y, x, describe(expected, value));
            }
            expected++;
          }
        }
      }
    }
    return differences.message();
  }

  private boolean accepts(int index, float actual) {
    return data.exact()
        ? actual == reference.values()[index] // value-equal: 0 is -0
        : reference.accepts(index, actual);
  }

  private String describe(int index, float actual) {
    double expected = reference.values()[index];
    String allowed =
        data.exact()
            ? "0, for these sums are exact"
            : "%.3g, and the error is %.3g"
                .formatted(reference.bounds()[index], Math.abs(actual - expected));
    return "expected %s, got %s (allowed error %s)".formatted(expected, actual, allowed);
  }

  /** The first wrong output, how many there are, and where: often enough to see what is wrong. */
  private static final class Differences {
    private final Shape shape;
    private final int[] lowest = new int[4];
    private final int[] highest = new int[4];
    private int count;
    private String first = "";

    private Differences(Shape shape) {
      this.shape = shape;
    }

    void add(int n, int c, int y, int x, String what) {
      int[] place = {n, c, y, x};
      if (count == 0) {
        first = "first at n=%d c=%d y=%d x=%d: %s".formatted(n, c, y, x, what);
        System.arraycopy(place, 0, lowest, 0, 4);
        System.arraycopy(place, 0, highest, 0, 4);
      }
      for (int i = 0; i < 4; i++) {
        lowest[i] = Math.min(lowest[i], place[i]);
        highest[i] = Math.max(highest[i], place[i]);
      }
      count++;
    }

    Optional<String> message() {
      if (count == 0) {
        return Optional.empty();
      }
      return Optional.of(
          "%d of %d outputs are wrong, %s; all wrong ones are in n %d-%d, c %d-%d, y %d-%d, x %d-%d of %s"
              .formatted(
                  count,
                  shape.elements(),
                  first,
                  lowest[0],
                  highest[0],
                  lowest[1],
                  highest[1],
                  lowest[2],
                  highest[2],
                  lowest[3],
                  highest[3],
                  shape));
    }
  }
}
