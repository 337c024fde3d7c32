package org.sepconv.cli.apply;

import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cli.text.Numbers;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * What one run of a convolution on a backend gave.
 *
 * @param spec shape and layout of the values
 * @param device the id of the device
 * @param kernel what ran there
 * @param prepareMilliseconds the time to pack weights and compile kernels
 * @param runMilliseconds the time of the run: the first one, so with whatever warms up in it
 */
public record AppliedConvolution(
    TensorSpec spec,
    float[] values,
    String device,
    String kernel,
    double prepareMilliseconds,
    double runMilliseconds) {

  /**
   * Prepares, runs once and cleans up.
   *
   * @param problem with one input
   * @param values of the input
   * @throws IllegalArgumentException if weights or values do not match the convolution
   * @throws org.sepconv.spi.BackendException if the backend cannot run it
   */
  public static AppliedConvolution run(
      ConvBackend backend, Problem problem, Weights weights, float[] values) {
    problem.source().shape().checkLength("values", values.length);
    long start = System.nanoTime();
    try (Prepared prepared = backend.prepare(problem, weights);
        Tensor src = backend.allocate(problem.source());
        Tensor dst = backend.allocate(problem.destination())) {
      long ready = System.nanoTime();
      src.write(values);
      long written = System.nanoTime();
      prepared.run(src, dst);
      long done = System.nanoTime();
      return new AppliedConvolution(
          problem.destination(),
          dst.read(),
          backend.device().id(),
          prepared.kernel(),
          (ready - start) / 1e6,
          (done - written) / 1e6);
    }
  }

  /** {@code on cpu (f32-...): prepared in 1.20 ms, first run in 3.40 ms}. */
  @Override
  public String toString() {
    return "on %s (%s): prepared in %s ms, first run in %s ms"
        .formatted(
            device,
            kernel,
            Numbers.significant(prepareMilliseconds),
            Numbers.significant(runMilliseconds));
  }
}
