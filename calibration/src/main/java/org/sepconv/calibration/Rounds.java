package org.sepconv.calibration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.cost.Cost;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Support;
import org.sepconv.timing.Turns;

/**
 * Many operations on one device, measured in turns: whatever disturbs the machine disturbs all
 * alike, and a JVM compiles the kernels of one while the others run.
 */
public final class Rounds {
  private static final long WARM_SLICE_NANOS = 12_000_000;
  private static final long LOOK_NANOS = 2_000_000;
  private static final long SLICE_NANOS = 4_000_000;

  /** Of whole networks: what the others left in the caches takes some runs to go. */
  private static final long LONG_SLICE_NANOS = 60_000_000;

  private static final int ROUNDS = 7;

  /** The share of the time after which what is still cold is measured all the same. */
  private static final double MOST_WARM_UP = 0.8;

  /** Prepared at once: more would not fit the usual heap. */
  private static final long MOST_BYTES = 640_000_000;

  private static final int MOST_AT_ONCE = 256;

  /** How far a measurement is. */
  @FunctionalInterface
  public interface Progress {
    /** {@code done} of all nanoseconds that it may take. */
    void at(long done, String what);
  }

  /**
   * What became of an operation.
   *
   * @param seconds its usual time; empty if it could not be measured
   * @param reason why not
   */
  public record Outcome(Problem problem, OptionalDouble seconds, String reason) {

    /** What was done and the shape that it was done on, for people. */
    public String what() {
      return Operations.describe(problem);
    }
  }

  private record Running(int index, TimedProblem timed) {}

  private final ConvBackend backend;
  private final LongSupplier nanos;
  private final LongSupplier allocated;

  /** On the system's clock. */
  public Rounds(ConvBackend backend) {
    this(backend, System::nanoTime);
  }

  Rounds(ConvBackend backend, LongSupplier nanos) {
    this(backend, nanos, Allocations.ofThisJvm());
  }

  Rounds(ConvBackend backend, LongSupplier nanos, LongSupplier allocated) {
    this.backend = backend;
    this.nanos = nanos;
    this.allocated = allocated;
  }

  /**
   * Measures operations, on tensors as their problems have them.
   *
   * @param each the time for one of them; the long ones take some from the short ones
   * @return what became of each, in the order of the problems
   */
  public List<Outcome> measure(List<Problem> problems, Duration each, Progress progress) {
    List<Outcome> outcomes = new ArrayList<>();
    int next = 0;
    while (next < problems.size()) {
      int end = next;
      long bytes = 0;
      do {
        bytes += Operations.bytes(problems.get(end++));
      } while (end < problems.size()
          && end - next < MOST_AT_ONCE
          && bytes + Operations.bytes(problems.get(end)) <= MOST_BYTES);
      outcomes.addAll(
          together(problems.subList(next, end), each.toNanos(), next * each.toNanos(), progress));
      next = end;
    }
    return outcomes;
  }

  private List<Outcome> together(
      List<Problem> problems, long each, long doneBefore, Progress progress) {
    List<Outcome> outcomes = new ArrayList<>();
    List<Running> running = new ArrayList<>();
    try {
      long start = nanos.getAsLong();
      for (Problem problem : problems) {
        outcomes.add(prepare(problem, running, outcomes.size()));
        progress.at(doneBefore + nanos.getAsLong() - start, "preparing");
      }
      // The short ones first: they compile what the long ones share with them.
      running.sort(Comparator.comparingLong(entry -> Cost.of(problems.get(entry.index)).flops()));
      Turns<Running> turns = new Turns<>(running);
      long budget = problems.size() * each;
      while (nanos.getAsLong() - start < MOST_WARM_UP * budget
          && !running.stream().allMatch(entry -> entry.timed.isWarm())) {
        turns.round(
            _ -> true,
            entry -> {
              // One that seems warm may wait for the compiler still: look again.
              long length = entry.timed.isWarm() ? LOOK_NANOS : WARM_SLICE_NANOS;
              progress.at(doneBefore + Math.min(nanos.getAsLong() - start, budget), "warming up");
              slice(entry, length, running, outcomes);
            });
      }
      running.forEach(entry -> entry.timed.startOver());
      for (int round = 0; round < ROUNDS; round++) {
        turns.round(
            _ -> true,
            entry -> {
              boolean network = problems.get(entry.index).operation() instanceof Graph;
              slice(entry, network ? LONG_SLICE_NANOS : SLICE_NANOS, running, outcomes);
            });
        progress.at(doneBefore + Math.min(nanos.getAsLong() - start, budget), "measuring");
      }
      for (Running entry : running) {
        Problem problem = problems.get(entry.index);
        double seconds = entry.timed.seconds();
        outcomes.set(entry.index, new Outcome(problem, OptionalDouble.of(seconds), ""));
      }
    } finally {
      running.forEach(entry -> entry.timed.close());
    }
    return outcomes;
  }

  private Outcome prepare(Problem problem, List<Running> running, int index) {
    if (backend.supports(problem) instanceof Support.No(String reason)) {
      return failed(problem, reason);
    }
    try {
      running.add(new Running(index, new TimedProblem(backend, problem, nanos, allocated)));
      return failed(problem, "not measured");
    } catch (BackendException failure) {
      return failed(problem, String.valueOf(failure.getMessage()));
    }
  }

  /** A failure ends its part, and nobody else's. */
  private static void slice(
      Running entry, long length, List<Running> running, List<Outcome> outcomes) {
    try {
      entry.timed.slice(length);
    } catch (BackendException failure) {
      Problem problem = outcomes.get(entry.index).problem();
      outcomes.set(entry.index, failed(problem, String.valueOf(failure.getMessage())));
      entry.timed.close();
      running.remove(entry);
    }
  }

  private static Outcome failed(Problem problem, String why) {
    return new Outcome(problem, OptionalDouble.empty(), why);
  }
}
