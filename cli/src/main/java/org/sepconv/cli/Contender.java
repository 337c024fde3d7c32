package org.sepconv.cli;

import java.util.Arrays;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cli.ConvolutionOptionsMixin.Variant;
import org.sepconv.conformance.DataKind;
import org.sepconv.conformance.TestData;
import org.sepconv.reference.Reference;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** One convolution on one device, prepared to be checked and measured. */
final class Contender implements AutoCloseable {

  /** A sample shorter than this would measure the clock. */
  private static final long SHORTEST_SAMPLE_NANOS = 200_000;

  /**
   * A convolution with its numbers and what must come out.
   *
   * @param input in the order of {@code source}
   */
  record Problem(
      Variant variant, TensorSpec source, TestData data, float[] input, Reference.Result expected) {

    /** Deterministic numbers for {@code variant}, and their reference; slow. */
    static Problem of(Variant variant, TensorSpec source, long seed) {
      TestData data = TestData.of(variant.convolution(), source.shape(), DataKind.FLOATS, seed);
      float[] input = Layout.NCHW.convert(source.shape(), data.input(), source.layout());
      return new Problem(
          variant,
          source,
          data,
          input,
          Reference.run(variant.convolution(), data.weights(), source, input));
    }
  }

  private final Problem problem;
  private final PreparedConvolution prepared;
  private final Tensor src;
  private final Tensor dst;

  private double[] samples = new double[64];
  private int count;
  private long spentNanos;
  private long fastestNanos = Long.MAX_VALUE;

  private Contender(Problem problem, PreparedConvolution prepared, Tensor src, Tensor dst) {
    this.problem = problem;
    this.prepared = prepared;
    this.src = src;
    this.dst = dst;
  }

  /** Prepares the problem's convolution on a device. The caller closes it. */
  static Contender prepare(ConvBackend backend, Problem problem) {
    PreparedConvolution prepared =
        backend.prepare(problem.variant.convolution(), problem.data.weights(), problem.source);
    try {
      Tensor src = backend.allocate(problem.source);
      try {
        src.write(problem.input);
        return new Contender(problem, prepared, src, backend.allocate(prepared.destination()));
      } catch (RuntimeException failure) {
        src.close();
        throw failure;
      }
    } catch (RuntimeException failure) {
      prepared.close();
      throw failure;
    }
  }

  String name() {
    return prepared.backend().device().id() + " " + problem.variant.name();
  }

  String kernel() {
    return prepared.kernel();
  }

  /** Runs once into a destination full of NaN, and compares every value with the reference. */
  Agreement check() {
    float[] unwritten = new float[prepared.destination().shape().elements()];
    Arrays.fill(unwritten, Float.NaN);
    dst.write(unwritten);
    prepared.run(src, dst);
    return Agreement.of(problem.expected, dst.read());
  }

  /** Forgets all samples and the time spent. */
  void reset() {
    count = 0;
    spentNanos = 0;
  }

  long spentNanos() {
    return spentNanos;
  }

  int samples() {
    return count;
  }

  /** Takes samples for about this long: the first run, which finds cold caches, is not one. */
  void measure(long nanos) {
    long start = System.nanoTime();
    prepared.run(src, dst);
    long now = System.nanoTime();
    fastestNanos = Math.clamp(now - start, 1, fastestNanos);
    int runs = (int) Math.max(1, SHORTEST_SAMPLE_NANOS / fastestNanos);
    do {
      long before = now;
      for (int i = 0; i < runs; i++) {
        prepared.run(src, dst);
      }
      now = System.nanoTime();
      add((now - before) / 1e9 / runs);
      fastestNanos = Math.clamp((now - before) / runs, 1, fastestNanos);
    } while (now - start < nanos);
    spentNanos += now - start;
  }

  private void add(double seconds) {
    if (count == samples.length) {
      samples = Arrays.copyOf(samples, 2 * count);
    }
    samples[count++] = seconds;
  }

  Timing timing() {
    return Timing.of(Arrays.copyOf(samples, count));
  }

  @Override
  public void close() {
    dst.close();
    src.close();
    prepared.close();
  }
}
