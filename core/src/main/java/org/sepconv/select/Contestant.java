package org.sepconv.select;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** One device in a {@link Trial}: what it runs, and how long that took. */
final class Contestant {

  /** A sample shorter than this would measure the clock. */
  private static final long SHORTEST_SAMPLE_NANOS = 100_000;

  /** In a sample, and samples in a slice: they end it on a clock that stands still for long. */
  private static final int MOST_RUNS = 1000;

  private static final int MOST_SAMPLES = 1000;

  /**
   * Time without getting faster until it is warm. A JVM compiles one kernel after the other, and
   * what runs meanwhile becomes faster in steps, which are up to 300 ms apart.
   */
  private static final long SETTLED_NANOS = 500_000_000;

  /** Less than this share of an earlier time is faster, and not chance. */
  private static final double STEADY = 0.9;

  private final ConvBackend backend;
  private final TimeSource time;
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private Runnable run = () -> {};

  private long spentNanos;
  private long fastestNanos = Long.MAX_VALUE;
  private double lastWarm;
  private double fastestWarm = Double.POSITIVE_INFINITY;
  private long fasterAtNanos;
  private final List<Double> rounds = new ArrayList<>();
  private Optional<String> failure = Optional.empty();
  private boolean behind;

  Contestant(ConvBackend backend, TimeSource time) {
    this.backend = backend;
    this.time = time;
  }

  String id() {
    return backend.device().id();
  }

  /**
   * Prepares the problem and whatever is needed to move the data, and runs once: a driver or a JVM
   * may still compile then.
   */
  void prepare(Question question, TrialData data) {
    attempt(
        () -> {
          Problem problem = question.problem();
          Prepared prepared = kept(backend.prepare(problem, data.weights()));
          List<Runnable> steps = new ArrayList<>();
          List<Tensor> inputs = new ArrayList<>();
          for (int i = 0; i < problem.inputs().size(); i++) {
            float[] values = data.inputs().get(i);
            inputs.add(filled(backend, problem.inputs().get(i), values));
            moveIn(steps, question, inputs.getLast(), values);
          }
          List<Tensor> outputs = new ArrayList<>();
          problem.outputs().forEach(spec -> outputs.add(kept(backend.allocate(spec))));
          Run bound = kept(prepared.bind(inputs, outputs));
          steps.add(bound::run);
          outputs.forEach(tensor -> moveOut(steps, question, tensor));
          run = () -> steps.forEach(Runnable::run);
          run.run();
        });
  }

  /** The way of values from where the question has them, through the host, if there is one. */
  private void moveIn(List<Runnable> steps, Question question, Tensor tensor, float[] values) {
    if (question.moves(backend)) {
      float[] host = values.clone();
      question
          .otherHolder(backend)
          .map(holder -> filled(holder, tensor.spec(), host))
          .ifPresent(there -> steps.add(() -> there.read(host)));
      steps.add(() -> tensor.write(host));
    }
  }

  /** The way back. */
  private void moveOut(List<Runnable> steps, Question question, Tensor tensor) {
    if (question.moves(backend)) {
      float[] host = new float[tensor.spec().shape().elements()];
      steps.add(() -> tensor.read(host));
      question
          .otherHolder(backend)
          .map(holder -> kept(holder.allocate(tensor.spec())))
          .ifPresent(there -> steps.add(() -> there.write(host)));
    }
  }

  private Tensor filled(ConvBackend owner, TensorSpec spec, float[] values) {
    Tensor tensor = kept(owner.allocate(spec));
    tensor.write(values);
    return tensor;
  }

  private Prepared kept(Prepared prepared) {
    closings.push(prepared::close);
    return prepared;
  }

  private Run kept(Run bound) {
    closings.push(bound::close);
    return bound;
  }

  private Tensor kept(Tensor tensor) {
    closings.push(tensor::close);
    return tensor;
  }

  /** Runs for about this long without counting it. */
  void warmUp(long nanos) {
    attempt(
        () -> {
          lastWarm = slice(nanos);
          if (lastWarm < STEADY * fastestWarm) {
            fastestWarm = lastWarm;
            fasterAtNanos = time.nanos();
          }
        });
  }

  /** Whether runs do not become faster any more. */
  boolean isWarm() {
    return time.nanos() - fasterAtNanos >= SETTLED_NANOS;
  }

  /**
   * Forgets the time spent on warming up, unless a single run is as long as all that it may have.
   */
  void startOver(long budget) {
    spentNanos = lastWarm * 1e9 < budget ? 0 : spentNanos;
  }

  /** Runs for about this long; the median of a run is one round. */
  void measure(long nanos) {
    attempt(() -> rounds.add(slice(nanos)));
  }

  /** The first run finds cold caches and does not count, unless it is as long as all of it. */
  private double slice(long nanos) {
    long start = time.nanos();
    run.run();
    long now = time.nanos();
    fastestNanos = Math.clamp(now - start, 1, fastestNanos);
    if (now - start >= nanos) {
      spentNanos += now - start;
      return (now - start) / 1e9;
    }
    int batch = Math.clamp(SHORTEST_SAMPLE_NANOS / fastestNanos, 1, MOST_RUNS);
    double[] samples = new double[MOST_SAMPLES];
    int count = 0;
    do {
      long before = now;
      for (int i = 0; i < batch; i++) {
        run.run();
      }
      now = time.nanos();
      samples[count++] = (now - before) / 1e9 / batch;
    } while (now - start < nanos && count < MOST_SAMPLES);
    spentNanos += now - start;
    return quantile(Arrays.copyOf(samples, count), 0.5);
  }

  private static double quantile(double[] values, double share) {
    Arrays.sort(values);
    return values[(int) Math.round(share * (values.length - 1))];
  }

  private double quantile(List<Double> some, double share) {
    if (some.isEmpty()) {
      return lastWarm; // a single run took all the time
    }
    return quantile(some.stream().mapToDouble(Double::doubleValue).toArray(), share);
  }

  /** A failure ends its part, and nobody else's. */
  private void attempt(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException | LinkageError | OutOfMemoryError | AssertionError caught) {
      failure = Optional.of("when it was tried: " + caught);
    }
  }

  /** Why it cannot be chosen. */
  Optional<String> failure() {
    return failure;
  }

  boolean inTheRace() {
    return failure.isEmpty() && !behind;
  }

  long spentNanos() {
    return spentNanos;
  }

  int rounds() {
    return rounds.size();
  }

  /** The median of the later half of the rounds, in which it is warm if it ever is. */
  double seconds() {
    return quantile(rounds.subList(rounds.size() / 2, rounds.size()), 0.5);
  }

  /** Whether it may still be warming up. */
  boolean isBecomingFaster() {
    return rounds.size() > 1 && rounds.getLast() < STEADY * rounds.getFirst();
  }

  /** Whether nearly every round was longer than nearly all of the other's. */
  boolean isClearlyBehind(Contestant other) {
    return quantile(rounds, 0.1) > other.quantile(other.rounds, 0.9);
  }

  void leave() {
    behind = true;
  }

  /** Gives everything back. */
  void close() {
    while (!closings.isEmpty()) {
      attempt(closings.pop());
    }
  }
}
