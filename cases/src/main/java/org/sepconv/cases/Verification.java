package org.sepconv.cases;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.sepconv.spi.ConvBackend;

/** Random operations on a backend, each compared with the reference: a check without JUnit. */
public final class Verification {

  /** Shrinking costs hundreds of runs, and failures after the first few say little new. */
  private static final int SHRUNK_FAILURES = 10;

  /** For each failure: where preparing takes long, a case that is not the smallest must do. */
  private static final long SHRINKING_NANOS = 10_000_000_000L;

  private Verification() {}

  /** Is told of progress, by one thread at a time. */
  @FunctionalInterface
  public interface Listener {
    /** Hears nothing. */
    Listener NONE = (_, _, _) -> {};

    /** {@code done} of {@code total} cases are done, {@code failures} of them failed. */
    void caseDone(int done, int total, int failures);
  }

  /** A case that the backend says it does not support. */
  public record Skip(int index, String description, String reason) {}

  /**
   * A case with a wrong result.
   *
   * @param index of the case in the sequence of the seed
   * @param description of the case: for a convolution a line of a {@link ShapeFile}
   * @param message what is wrong
   * @param shrunk a small case that fails as well, and what is wrong there
   */
  public record Failure(int index, String description, String message, String shrunk) {}

  /**
   * What came of it; every case is in exactly one of the three.
   *
   * @param seed gives the same cases again
   */
  public record Report(long seed, int passed, List<Skip> unsupported, List<Failure> failures) {
    public Report {
      unsupported = List.copyOf(unsupported);
      failures = List.copyOf(failures);
    }

    /** Cases in all. */
    public int cases() {
      return passed + unsupported.size() + failures.size();
    }
  }

  /**
   * Runs the first {@code cases} random convolutions of {@code seed}, each on every {@link
   * DataKind}, one after the other.
   *
   * @throws IllegalArgumentException if {@code cases} is negative
   */
  public static Report convolutions(ConvBackend backend, long seed, int cases) {
    return run(backend, seed, cases, 1, Trial::convolution, Listener.NONE);
  }

  /**
   * Runs the first {@code cases} random operations of {@code seed}: every second one is a
   * convolution, on every {@link DataKind}, the others are of all other kinds in turn.
   *
   * @param atOnce as many at the same time; the report is the same
   * @throws IllegalArgumentException if {@code cases} is negative or {@code atOnce} is not positive
   */
  public static Report operations(
      ConvBackend backend, long seed, int cases, int atOnce, Listener listener) {
    return run(backend, seed, cases, atOnce, Trial::operation, listener);
  }

  /** Draws the case of an index. */
  private interface Drawing {
    Trial<?> of(long seed, int index);
  }

  private static Report run(
      ConvBackend backend, long seed, int cases, int atOnce, Drawing drawing, Listener listener) {
    if (cases < 0) {
      throw new IllegalArgumentException("cases is " + cases + ", but must not be negative");
    }
    Outcomes outcomes = new Outcomes(cases, listener);
    AtomicInteger next = new AtomicInteger();
    Callable<Void> rest =
        () -> {
          Thread self = Thread.currentThread();
          for (int i = next.getAndIncrement();
              i < cases && !self.isInterrupted();
              i = next.getAndIncrement()) {
            Trial<?> trial = drawing.of(seed, i);
            outcomes.add(i, trial, trial.check(backend), backend);
          }
          return null;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(atOnce)) {
      for (Future<Void> done : executor.invokeAll(Collections.nCopies(atOnce, rest))) {
        done.get();
      }
    } catch (ExecutionException failure) {
      switch (failure.getCause()) {
        case RuntimeException exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(failure.getCause());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
    return outcomes.report(seed);
  }

  /** Collects what comes of cases, on any thread. */
  private static final class Outcomes {
    private final int cases;
    private final Listener listener;
    private final AtomicInteger shrunk = new AtomicInteger();
    private int passed;
    private final List<Skip> unsupported = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    Outcomes(int cases, Listener listener) {
      this.cases = cases;
      this.listener = listener;
    }

    void add(int index, Trial<?> trial, Outcome outcome, ConvBackend backend) {
      switch (outcome) {
        case Outcome.Passed _ -> done(() -> passed++);
        case Outcome.Unsupported(String reason) ->
            done(() -> unsupported.add(new Skip(index, trial.toString(), reason)));
        case Outcome.Failed(String message) -> {
          String small =
              shrunk.getAndIncrement() < SHRUNK_FAILURES
                  ? trial.shrink(backend)
                  : "not shrunk: only the first " + SHRUNK_FAILURES + " failures are";
          done(() -> failures.add(new Failure(index, trial.toString(), message, small)));
        }
      }
    }

    private synchronized void done(Runnable count) {
      count.run();
      listener.caseDone(passed + unsupported.size() + failures.size(), cases, failures.size());
    }

    synchronized Report report(long seed) {
      unsupported.sort(Comparator.comparingInt(Skip::index));
      failures.sort(Comparator.comparingInt(Failure::index));
      return new Report(seed, passed, unsupported, failures);
    }
  }

  /**
   * One random case.
   *
   * @param smaller what may fail in its place, the greatest steps first
   */
  private record Trial<T>(
      T drawn, BiFunction<ConvBackend, T, Outcome> check, Function<T, List<T>> smaller) {

    static Trial<?> convolution(long seed, int index) {
      long dataSeed = RandomCases.dataSeed(seed, index);
      return new Trial<>(
          RandomCases.of(seed, index),
          (backend, random) -> onAllNumbers(backend, random, dataSeed),
          Shrinker::candidates);
    }

    static Trial<?> operation(long seed, int index) {
      if (index % 2 == 0) {
        return convolution(seed, index);
      }
      RandomOperations.Kind[] kinds = RandomOperations.Kind.values();
      return new Trial<>(
          RandomOperations.draw(kinds[index / 2 % kinds.length], seed, index),
          (backend, random) -> random.toCase().check(backend),
          OperationShrinker::candidates);
    }

    /** The first outcome that is not a pass. */
    private static Outcome onAllNumbers(ConvBackend backend, RandomCase random, long dataSeed) {
      for (DataKind kind : DataKind.values()) {
        Outcome outcome =
            Checker.check(
                backend, random.shape(), random.source(), random.destination(), kind, dataSeed);
        if (!(outcome instanceof Outcome.Passed)) {
          return outcome;
        }
      }
      return Outcome.PASSED;
    }

    Outcome check(ConvBackend backend) {
      return check.apply(backend, drawn);
    }

    String shrink(ConvBackend backend) {
      long start = System.nanoTime();
      T small =
          Shrinker.shrink(
              drawn,
              smaller,
              candidate ->
                  System.nanoTime() - start < SHRINKING_NANOS
                      && check.apply(backend, candidate) instanceof Outcome.Failed);
      String message =
          check.apply(backend, small) instanceof Outcome.Failed(String why)
              ? why
              : "fails now and then, but not this time";
      return small + ": " + message;
    }

    @Override
    public String toString() {
      return drawn.toString();
    }
  }
}
