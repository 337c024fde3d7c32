package org.sepconv.cases;

import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Problem;
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
    Problem problem = shape.problem(Layout.NCHW);
    return new Expectation(
        shape, data, Reference.run(problem, data.weights(), data.inputs(problem)));
  }

  /** The input in the order of {@code layout}. */
  public float[] input(Layout layout) {
    return Layout.NCHW.convert(shape.input(), data.input(), layout);
  }

  /** The residual in the order of {@code layout}, where there is one. */
  public Optional<float[]> residual(Layout layout) {
    return data.residual().map(values -> Layout.NCHW.convert(shape.output(), values, layout));
  }

  /**
   * Compares an output in any layout: whole numbers exactly, others within their bounds.
   *
   * @throws IllegalStateException if the output has another number of values
   */
  public Agreement agreement(float[] actual, Layout layout) {
    return Agreement.of(reference, data.exact(), actual, layout);
  }
}
