package org.sepconv.cli.compare;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.ShapeCase;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/** One convolution on one device, prepared to be checked and measured. */
final class Contender implements AutoCloseable {

  /** A sample shorter than this would measure the clock. */
  private static final long SHORTEST_SAMPLE_NANOS = 200_000;

  private final Expectation expectation;
  private final PreparedConvolution prepared;
  private final Tensor src;
  private final Optional<Tensor> residual;
  private final Tensor dst;

  private double[] samples = new double[64];
  private int count;
  private long spentNanos;
  private long fastestNanos = Long.MAX_VALUE;

  private Contender(
      Expectation expectation,
      PreparedConvolution prepared,
      Tensor src,
      Optional<Tensor> residual,
      Tensor dst) {
    this.expectation = expectation;
    this.prepared = prepared;
    this.src = src;
    this.residual = residual;
    this.dst = dst;
  }

  /** Prepares a case on a device, for tensors of this layout. The caller closes it. */
  static Contender prepare(ConvBackend backend, Expectation expectation, Layout layout) {
    ShapeCase shape = expectation.shape();
    TensorSpec source = new TensorSpec(shape.input(), layout);
    Deque<Runnable> closings = new ArrayDeque<>();
    try {
      PreparedConvolution prepared =
          backend.prepare(shape.convolution(), expectation.data().weights(), source);
      closings.push(prepared::close);
      Tensor src = filled(backend, source, expectation.input(layout), closings);
      Optional<Tensor> residual =
          expectation
              .residual(layout)
              .map(values -> filled(backend, prepared.destination(), values, closings));
      return new Contender(
          expectation, prepared, src, residual, backend.allocate(prepared.destination()));
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
    return prepared.backend().device().id() + " " + expectation.shape().name();
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
    return expectation.agreement(dst.read(), dst.spec().layout());
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
