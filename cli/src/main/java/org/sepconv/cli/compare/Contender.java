package org.sepconv.cli.compare;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.TestData;
import org.sepconv.cli.frame.ConvolutionOptionsMixin.Variant;
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
   * @param residual in the order of the same layout, where the convolution adds one
   */
  record Problem(
      Variant variant,
      TensorSpec source,
      TestData data,
      float[] input,
      Optional<float[]> residual,
      Reference.Result expected) {

    /** Deterministic numbers for {@code variant}, and their reference; slow. */
    static Problem of(Variant variant, TensorSpec source, long seed) {
      TestData data = TestData.of(variant.convolution(), source.shape(), DataKind.FLOATS, seed);
      float[] input = Layout.NCHW.convert(source.shape(), data.input(), source.layout());
      Shape output = variant.convolution().outputShape(source.shape());
      Optional<float[]> residual =
          data.residual().map(values -> Layout.NCHW.convert(output, values, source.layout()));
      return new Problem(
          variant,
          source,
          data,
          input,
          residual,
          Reference.run(variant.convolution(), data.weights(), source, input, residual));
    }
  }

  private final Problem problem;
  private final PreparedConvolution prepared;
  private final Tensor src;
  private final Optional<Tensor> residual;
  private final Tensor dst;

  private double[] samples = new double[64];
  private int count;
  private long spentNanos;
  private long fastestNanos = Long.MAX_VALUE;

  private Contender(
      Problem problem,
      PreparedConvolution prepared,
      Tensor src,
      Optional<Tensor> residual,
      Tensor dst) {
    this.problem = problem;
    this.prepared = prepared;
    this.src = src;
    this.residual = residual;
    this.dst = dst;
  }

  /** Prepares the problem's convolution on a device. The caller closes it. */
  static Contender prepare(ConvBackend backend, Problem problem) {
    Deque<Runnable> closings = new ArrayDeque<>();
    try {
      PreparedConvolution prepared =
          backend.prepare(problem.variant.convolution(), problem.data.weights(), problem.source);
      closings.push(prepared::close);
      Tensor src = filled(backend, problem.source, problem.input, closings);
      Optional<Tensor> residual =
          problem.residual.map(values -> filled(backend, prepared.destination(), values, closings));
      return new Contender(
          problem, prepared, src, residual, backend.allocate(prepared.destination()));
    } catch (RuntimeException failure) {
      closings.forEach(Runnable::run);
      throw failure;
    }
  }

  private static Tensor filled(
      ConvBackend backend, TensorSpec spec, float[] values, Deque<Runnable> closings) {
    Tensor tensor = backend.allocate(spec);
    closings.push(tensor::close);
    tensor.write(values);
    return tensor;
  }

  private void run() {
    if (residual.isPresent()) {
      prepared.run(src, residual.get(), dst);
    } else {
      prepared.run(src, dst);
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
    run();
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
    run();
    long now = System.nanoTime();
    fastestNanos = Math.clamp(now - start, 1, fastestNanos);
    int runs = (int) Math.max(1, SHORTEST_SAMPLE_NANOS / fastestNanos);
    do {
      long before = now;
      for (int i = 0; i < runs; i++) {
        run();
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
    residual.ifPresent(Tensor::close);
    src.close();
    prepared.close();
  }
}
