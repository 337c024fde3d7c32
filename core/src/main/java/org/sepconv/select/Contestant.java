package org.sepconv.select;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;

/** One device in a {@link Trial}: what it runs, and how long that took. */
final class Contestant {

  /** Time without getting faster until it is warm. */
  private static final long SETTLED_NANOS = 500_000_000;

  private final ConvBackend backend;
  private final Deque<Runnable> closings = new ArrayDeque<>();
  private final Stopwatch watch;
  private Runnable run = () -> {};

  private double lastWarm;
  private final List<Double> rounds = new ArrayList<>();
  private Optional<String> failure = Optional.empty();
  private boolean behind;

  Contestant(ConvBackend backend, TimeSource time) {
    this.backend = backend;
    this.watch = new Stopwatch(() -> run.run(), time::nanos);
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
    attempt(() -> lastWarm = Quantiles.median(watch.slice(nanos)));
  }

  /** Whether runs do not become faster any more. */
  boolean isWarm() {
    return watch.isSettled(SETTLED_NANOS, 0);
  }

  /**
   * Forgets the time spent on warming up, unless a single run is as long as all that it may have.
   */
  void startOver(long budget) {
    if (lastWarm * 1e9 < budget) {
      watch.startOver();
    }
  }

  /** Runs for about this long; the median of a run is one round. */
  void measure(long nanos) {
    attempt(() -> rounds.add(Quantiles.median(watch.slice(nanos))));
  }

  private double quantile(List<Double> some, double share) {
    // Without any, a single run took all the time.
    return some.isEmpty() ? lastWarm : Quantiles.of(some, share);
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
    return watch.spentNanos();
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
    return rounds.size() > 1 && rounds.getLast() < Stopwatch.FASTER * rounds.getFirst();
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
