package org.sepconv.cli.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import org.sepconv.Problem;
import org.sepconv.cli.compare.Comparison.Result;
import org.sepconv.cli.compare.Comparison.Verdict;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.text.Progress;
import org.sepconv.cli.text.Timing;
import org.sepconv.cost.Cost;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Support;
import org.sepconv.timing.Turns;

/**
 * Every convolution, or network, on every device: checked, then measured in turns, so that whatever
 * disturbs the machine disturbs all alike, then checked once more, now that everything is compiled.
 */
final class Experiment implements AutoCloseable {
  private static final long SLICE_NANOS = 20_000_000;
  private static final int FEWEST_SAMPLES = 5;

  /** One subject on one device, and what became of it. */
  private static final class Entry {
    final ConvBackend backend;
    final Subject subject;
    Optional<Contender> contender = Optional.empty();
    Verdict verdict = Verdict.OK;
    String trouble = "";
    String kernel = "";
    double worstError;
    Optional<Timing> timing = Optional.empty();

    Entry(ConvBackend backend, Subject subject) {
      this.backend = backend;
      this.subject = subject;
    }

    void drop(Verdict why, String what) {
      verdict = why;
      trouble = what;
      timing = Optional.empty();
    }

    /** Does something with the contender; a failure ends its part. */
    void attempt(Runnable action) {
      try {
        action.run();
      } catch (RuntimeException | LinkageError | AssertionError failure) {
        drop(Verdict.FAILED, Errors.describe(failure, backend.device().id()));
      }
    }

    boolean inTheRace() {
      return verdict == Verdict.OK && contender.isPresent();
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final ToDoubleBiFunction<ConvBackend, Problem> predicted;

  /**
   * Prepares each subject on each device and checks its output.
   *
   * @param predicted seconds that a problem takes on a device
   */
  Experiment(
      List<ConvBackend> backends,
      List<Subject> subjects,
      ToDoubleBiFunction<ConvBackend, Problem> predicted) {
    this.predicted = predicted;
    for (ConvBackend backend : backends) {
      for (Subject subject : subjects) {
        Entry entry = new Entry(backend, subject);
        entries.add(entry);
        entry.attempt(() -> prepare(entry));
      }
    }
  }

  private static void prepare(Entry entry) {
    if (entry.backend.supports(entry.subject.problem()) instanceof Support.No(String reason)) {
      entry.drop(Verdict.UNSUPPORTED, reason);
      return;
    }
    Contender contender = Contender.prepare(entry.backend, entry.subject);
    entry.contender = Optional.of(contender);
    entry.kernel = contender.kernel();
    check(entry, contender);
  }

  private static void check(Entry entry, Contender contender) {
    Subject.Check check = contender.check();
    entry.worstError = Math.max(entry.worstError, check.worstError());
    check.wrong().ifPresent(what -> entry.drop(Verdict.WRONG, what));
  }

  /** How many there are to measure. */
  int contenders() {
    return (int) entries.stream().filter(Entry::inTheRace).count();
  }

  /** Warms up and measures everything that passed its check, each for this long twice. */
  void measure(double seconds, Progress progress) {
    long budget = (long) (seconds * 1e9);
    inTurns(budget, 0, 0, "warming up", progress);
    for (Entry entry : entries) {
      entry.contender.ifPresent(Contender::reset);
    }
    inTurns(budget, FEWEST_SAMPLES, budget * contenders(), "measuring", progress);
    for (Entry entry : entries) {
      if (entry.inTheRace()) {
        Contender contender = entry.contender.orElseThrow();
        entry.timing = Optional.of(contender.timing());
        entry.attempt(() -> check(entry, contender));
      }
    }
  }

  /** Milliseconds that {@link #measure} will report progress for. */
  long steps(double seconds) {
    return (long) (2 * seconds * 1e3 * contenders());
  }

  private void inTurns(
      long budget, int fewestSamples, long doneBefore, String what, Progress progress) {
    Turns<Entry> turns = new Turns<>(entries);
    while (turns.round(
        entry ->
            entry.inTheRace() && entry.contender.orElseThrow().wantsMore(budget, fewestSamples),
        entry -> {
          Contender contender = entry.contender.orElseThrow();
          progress.show((doneBefore + spent(budget)) / 1_000_000, what + " " + contender.name());
          entry.attempt(() -> contender.measure(SLICE_NANOS));
        })) {}
  }

  private long spent(long budget) {
    return entries.stream()
        .filter(Entry::inTheRace)
        .mapToLong(entry -> Math.min(budget, entry.contender.orElseThrow().spentNanos()))
        .sum();
  }

  /** What became of each subject on each device. */
  List<Result> results() {
    Map<String, Timing> standards = new LinkedHashMap<>();
    List<Result> results = new ArrayList<>();
    for (Entry entry : entries) {
      String device = entry.backend.device().id();
      if (entry.subject == entries.getFirst().subject) {
        entry.timing.ifPresent(timing -> standards.put(device, timing));
      }
      results.add(result(entry, Optional.ofNullable(standards.get(device))));
    }
    return results;
  }

  private Result result(Entry entry, Optional<Timing> standard) {
    Cost cost = Cost.of(entry.subject.problem());
    long standardMacs = Cost.of(entries.getFirst().subject.problem()).macs();
    double median = entry.timing.map(Timing::medianSeconds).orElse(0.0);
    return new Result(
        entry.backend.device().id(),
        entry.subject.name(),
        entry.verdict,
        entry.trouble,
        entry.kernel,
        entry.worstError,
        entry.timing,
        median == 0 ? 0 : cost.flops() / median / 1e9,
        predicted.applyAsDouble(entry.backend, entry.subject.problem()),
        median == 0 ? 0 : standard.map(timing -> timing.medianSeconds() / median).orElse(0.0),
        (double) standardMacs / cost.macs());
  }

  @Override
  public void close() {
    for (Entry entry : entries) {
      entry.contender.ifPresent(Contender::close);
    }
  }
}
