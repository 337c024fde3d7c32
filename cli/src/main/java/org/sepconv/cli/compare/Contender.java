package org.sepconv.cli.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.cli.text.Timing;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Stopwatch;

/** A convolution, or a network, on one device, prepared to be checked and measured. */
final class Contender implements AutoCloseable {
  private final Subject subject;
  private final Prepared prepared;
  private final OwningRun run;
  private final Stopwatch watch;
  private final List<Double> samples = new ArrayList<>();

  private Contender(Subject subject, Prepared prepared, OwningRun run) {
    this.subject = subject;
    this.prepared = prepared;
    this.run = run;
    this.watch = new Stopwatch(run::run, System::nanoTime);
  }

  /** Prepares it on a device, with its inputs there. The caller closes it. */
  static Contender prepare(ConvBackend backend, Subject subject) {
    Prepared prepared = backend.prepare(subject.problem(), subject.weights());
    try {
      return new Contender(subject, prepared, OwningRun.of(prepared, subject.inputs()));
    } catch (RuntimeException | Error failure) {
      prepared.close();
      throw failure;
    }
  }

  String name() {
    return prepared.backend().device().id() + " " + subject.name();
  }

  String kernel() {
    return subject.kernel(prepared);
  }

  /** Runs once into outputs full of NaN, and compares every value with the reference. */
  Subject.Check check() {
    for (Tensor output : run.outputs()) {
      float[] unwritten = new float[output.spec().shape().elements()];
      Arrays.fill(unwritten, Float.NaN);
      output.write(unwritten);
    }
    run.run();
    return subject.check(run.outputs());
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
