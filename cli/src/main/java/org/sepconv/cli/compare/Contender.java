package org.sepconv.cli.compare;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.Expectation;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Stopwatch;

/** One convolution on one device, prepared to be checked and measured. */
final class Contender implements AutoCloseable {
  private final Expectation expectation;
  private final Prepared prepared;
  private final Run bound;
  private final Tensor output;

  /** Closes what is open, the last first. */
  private final Deque<Runnable> closings;

  private final Stopwatch watch;
  private final List<Double> samples = new ArrayList<>();

  private Contender(
      Expectation expectation,
      Prepared prepared,
      Run bound,
      Tensor output,
      Deque<Runnable> closings) {
    this.expectation = expectation;
    this.prepared = prepared;
    this.bound = bound;
    this.output = output;
    this.closings = closings;
    this.watch = new Stopwatch(bound::run, System::nanoTime);
  }

  /** Prepares a case on a device, with its inputs there. The caller closes it. */
  static Contender prepare(ConvBackend backend, Expectation expectation, Problem problem) {
    Deque<Runnable> closings = new ArrayDeque<>();
    try {
      Prepared prepared = backend.prepare(problem, expectation.data().weights());
      closings.push(prepared::close);
      float[][] values = expectation.data().inputs(problem);
      List<Tensor> inputs = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        inputs.add(allocate(backend, problem.inputs().get(i), closings));
        inputs.getLast().write(values[i]);
      }
      Tensor output = allocate(backend, problem.destination(), closings);
      Run bound = prepared.bind(inputs, List.of(output));
      closings.push(bound::close);
      return new Contender(expectation, prepared, bound, output, closings);
    } catch (RuntimeException failure) {
      closings.forEach(Runnable::run);
      throw failure;
    }
  }

  private static Tensor allocate(ConvBackend backend, TensorSpec spec, Deque<Runnable> closings) {
    Tensor tensor = backend.allocate(spec);
    closings.push(tensor::close);
    return tensor;
  }

  String name() {
    return prepared.backend().device().id() + " " + expectation.shape().name();
  }

  String kernel() {
    return prepared.kernel();
  }

  /** Runs once into an output full of NaN, and compares every value with the reference. */
  Agreement check() {
    float[] unwritten = new float[output.spec().shape().elements()];
    Arrays.fill(unwritten, Float.NaN);
    output.write(unwritten);
    bound.run();
    return expectation.agreement(output.read(), output.spec().layout());
  }

  /** Forgets all samples and the time spent. */
  void reset() {
    samples.clear();
    watch.startOver();
  }

  long spentNanos() {
    return watch.spentNanos();
  }

  /** Whether it has had less than its time, or too few samples. */
  boolean wantsMore(long budget, int fewestSamples) {
    return spentNanos() < budget || samples.size() < fewestSamples;
  }

  /** Takes samples for about this long. */
  void measure(long nanos) {
    samples.addAll(watch.slice(nanos));
  }

  Timing timing() {
    return Timing.of(samples);
  }

  @Override
  public void close() {
    closings.forEach(Runnable::run);
  }
}
