package org.sepconv.cases;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/**
 * An operation that is no convolution, with numbers for its inputs.
 *
 * @param inputs of the problem, each in N, C, H, W order
 * @param exact whether a correct result is equal to the reference
 */
public record OperationCase(Problem problem, Weights weights, List<float[]> inputs, boolean exact) {

  /** The values of each input, in the order of its layout. */
  public float[][] ordered() {
    float[][] values = new float[inputs.size()][];
    for (int i = 0; i < values.length; i++) {
      var spec = problem.inputs().get(i);
      values[i] = Layout.NCHW.convert(spec.shape(), inputs.get(i), spec.layout());
    }
    return values;
  }

  /** Prepares, runs once and compares with the reference. What is thrown is a failure. */
  public Outcome check(ConvBackend backend) {
    try {
      if (backend.supports(problem) instanceof Support.No no) {
        return new Outcome.Unsupported(no.reason());
      }
      float[] actual = run(backend);
      Reference.Result expected = Reference.run(problem, weights, ordered());
      return Agreement.of(expected, exact, actual, problem.destination().layout())
          .problem()
          .<Outcome>map(Outcome.Failed::new)
          .orElse(Outcome.PASSED);
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      return new Outcome.Failed("threw " + Checker.describe(failure));
    }
  }

  private float[] run(ConvBackend backend) {
    try (Prepared prepared = backend.prepare(problem, weights);
        OwningRun run = OwningRun.of(prepared, ordered())) {
      Tensor output = run.outputs().getFirst();
      float[] unwritten = new float[problem.destination().shape().elements()];
      Arrays.fill(unwritten, Checker.UNLIKELY);
      output.write(unwritten);
      run.run();
      return output.read();
    }
  }
}
