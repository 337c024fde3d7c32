package org.sepconv.cases;

import java.util.Arrays;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** Runs one case on a backend and compares every output with the reference. */
public final class Checker {

  /** Fills outputs before the run where NaN may be the right answer. */
  private static final float UNLIKELY = -54321.125f;

  private Checker() {}

  /**
   * Prepares, runs once and compares. Whatever the backend throws is a failure.
   *
   * @param source layout of the input tensor
   * @param destination layout of the output tensor
   * @param seed of the numbers
   */
  public static Outcome check(
      ConvBackend backend,
      ShapeCase shape,
      Layout source,
      Layout destination,
      DataKind kind,
      long seed) {
    return check(backend, Expectation.of(shape, kind, seed), source, destination);
  }

  /** The same, for a case whose reference was computed before. */
  public static Outcome check(
      ConvBackend backend, Expectation expectation, Layout source, Layout destination) {
    ShapeCase shape = expectation.shape();
    TensorSpec spec = new TensorSpec(shape.input(), source);
    try {
      if (backend.supports(shape.convolution(), spec, destination) instanceof Support.No no) {
        return new Outcome.Unsupported(no.reason());
      }
      float[] actual = run(backend, expectation, spec, destination);
      return expectation
          .agreement(actual, destination)
          .problem()
          .<Outcome>map(
              difference ->
                  new Outcome.Failed(
                      "%s -> %s, %s: %s"
                          .formatted(source, destination, expectation.data().kind(), difference)))
          .orElse(Outcome.PASSED);
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      return new Outcome.Failed(
          "%s -> %s, %s: threw %s"
              .formatted(source, destination, expectation.data().kind(), describe(failure)));
    }
  }

  private static float[] run(
      ConvBackend backend, Expectation expectation, TensorSpec source, Layout destination) {
    ShapeCase shape = expectation.shape();
    try (PreparedConvolution prepared =
            backend.prepare(
                shape.convolution(), expectation.data().weights(), source, destination);
        Tensor src = backend.allocate(source);
        Tensor dst = backend.allocate(new TensorSpec(shape.output(), destination))) {
      src.write(expectation.input(source.layout()));
      dst.write(unwritten(shape, expectation.data().kind()));
      Optional<float[]> residual = expectation.residual(destination);
      if (residual.isEmpty()) {
        prepared.run(src, dst);
        return dst.read();
      }
      try (Tensor added = backend.allocate(prepared.destination())) {
        added.write(residual.get());
        prepared.run(src, added, dst);
        return dst.read();
      }
    }
  }

  /** What the output holds before the run, so that one that is never written is noticed. */
  private static float[] unwritten(ShapeCase shape, DataKind kind) {
    float[] values = new float[shape.output().elements()];
    Arrays.fill(values, kind == DataKind.NOT_FINITE ? UNLIKELY : Float.NaN);
    return values;
  }

  private static String describe(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? failure.toString() : failure + " at " + trace[0];
  }
}
