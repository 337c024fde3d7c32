package org.sepconv.cases;

import java.util.Arrays;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** Runs one case on a backend and compares every output with the reference. */
public final class Checker {

  /** Fills outputs before the run where NaN may be the right answer. */
  static final float UNLIKELY = -54321.125f;

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
    Problem problem = shape.problem(source, destination);
    try {
      if (backend.supports(problem) instanceof Support.No no) {
        return new Outcome.Unsupported(no.reason());
      }
      float[] actual = run(backend, expectation.data(), problem);
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

  private static float[] run(ConvBackend backend, TestData data, Problem problem) {
    try (Prepared prepared = backend.prepare(problem, data.weights());
        OwningRun run = OwningRun.of(prepared, data.inputs(problem))) {
      Tensor output = run.outputs().getFirst();
      output.write(unwritten(problem, data.kind()));
      run.run();
      return output.read();
    }
  }

  /** What the output holds before the run, so that one that is never written is noticed. */
  private static float[] unwritten(Problem problem, DataKind kind) {
    float[] values = new float[problem.destination().shape().elements()];
    Arrays.fill(values, kind == DataKind.NOT_FINITE ? UNLIKELY : Float.NaN);
    return values;
  }

  static String describe(Throwable failure) {
    StackTraceElement[] trace = failure.getStackTrace();
    return trace.length == 0 ? failure.toString() : failure + " at " + trace[0];
  }
}
