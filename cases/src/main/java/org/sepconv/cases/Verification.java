package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.spi.ConvBackend;

/** Random convolutions on a backend, each compared with the reference: a check without JUnit. */
public final class Verification {

  /** Shrinking costs hundreds of runs, and failures after the first few say little new. */
  private static final int SHRUNK_FAILURES = 10;

  /** For each failure: where preparing takes long, a case that is not the smallest must do. */
  private static final long SHRINKING_NANOS = 10_000_000_000L;

  private Verification() {}

  /** Is told of progress, on the thread that runs the verification. */
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
   * @param description of the case, as a line of a {@link ShapeFile}
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
   * Runs the first {@code cases} random cases of {@code seed}, each on every {@link DataKind}.
   *
   * @throws IllegalArgumentException if {@code cases} is negative
   */
  public static Report run(ConvBackend backend, long seed, int cases, Listener listener) {
    if (cases < 0) {
      throw new IllegalArgumentException("cases is " + cases + ", but must not be negative");
    }
    int passed = 0;
    List<Skip> unsupported = new ArrayList<>();
    List<Failure> failures = new ArrayList<>();
    for (int i = 0; i < cases; i++) {
      RandomCase random = RandomCases.of(seed, i);
      long dataSeed = RandomCases.dataSeed(seed, i);
      switch (check(backend, random, dataSeed)) {
        case Outcome.Passed _ -> passed++;
        case Outcome.Unsupported(String reason) ->
            unsupported.add(new Skip(i, random.toString(), reason));
        case Outcome.Failed(String message) ->
            failures.add(
                new Failure(
                    i,
                    random.toString(),
                    message,
                    failures.size() < SHRUNK_FAILURES
                        ? shrink(backend, random, dataSeed)
                        : "not shrunk: only the first " + SHRUNK_FAILURES + " failures are"));
      }
      listener.caseDone(i + 1, cases, failures.size());
    }
    return new Report(seed, passed, unsupported, failures);
  }

  private static String shrink(ConvBackend backend, RandomCase failing, long dataSeed) {
    long start = System.nanoTime();
    RandomCase small =
        Shrinker.shrink(
            failing,
            candidate ->
                System.nanoTime() - start < SHRINKING_NANOS
                    && failure(backend, candidate, dataSeed).isPresent());
    return small
        + ": "
        + failure(backend, small, dataSeed).orElse("fails now and then, but not this time");
  }

  private static Optional<String> failure(ConvBackend backend, RandomCase random, long dataSeed) {
    return check(backend, random, dataSeed) instanceof Outcome.Failed(String message)
        ? Optional.of(message)
        : Optional.empty();
  }

  /** The first outcome that is not a pass. */
  private static Outcome check(ConvBackend backend, RandomCase random, long dataSeed) {
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
}
