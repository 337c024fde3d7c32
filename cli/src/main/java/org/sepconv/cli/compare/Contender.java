package org.sepconv.cli.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Problem;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.Expectation;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Stopwatch;

/** One convolution on one device, prepared to be checked and measured. */
final class Contender implements AutoCloseable {
  private final Expectation expectation;
  private final Prepared prepared;
  private final OwningRun run;
  private final Stopwatch watch;
  private final List<Double> samples = new ArrayList<>();

  private Contender(Expectation expectation, Prepared prepared, OwningRun run) {
    this.expectation = expectation;
    this.prepared = prepared;
    this.run = run;
    this.watch = new Stopwatch(run::run, System::nanoTime);
  }

  /** Prepares a case on a device, with its inputs there. The caller closes it. */
  static Contender prepare(ConvBackend backend, Expectation expectation, Problem problem) {
    Prepared prepared = backend.prepare(problem, expectation.data().weights());
    try {
      float[][] inputs = expectation.data().inputs(problem);
      return new Contender(expectation, prepared, OwningRun.of(prepared, inputs));
    } catch (RuntimeException | Error failure) {
      prepared.close();
      throw failure;
    }
  }

  String name() {
    return prepared.backend().device().id() + " " + expectation.shape().name();
  }

  String kernel() {
    return prepared.kernel();
  }

  /** Runs once into an output full of NaN, and compares every value with the reference. */
  Agreement check() {
    Tensor output = run.outputs().getFirst();
    float[] unwritten = new float[output.spec().shape().elements()];
    Arrays.fill(unwritten, Float.NaN);
    output.write(unwritten);
    run.run();
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
    try (prepared;
        run) {
      // Closed in the other order, whatever one of them throws.
    }
  }
}
