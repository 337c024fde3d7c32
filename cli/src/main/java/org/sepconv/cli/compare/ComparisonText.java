package org.sepconv.cli.compare;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.sepconv.cli.compare.Comparison.Absent;
import org.sepconv.cli.compare.Comparison.Result;
import org.sepconv.cli.compare.Comparison.Verdict;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cli.text.Timing;

/** A {@link Comparison} for a person to read. */
final class ComparisonText {

  /** 90th over 10th percentile of an idle machine stays well below. */
  private static final double UNSTEADY = 2;

  private final Comparison comparison;
  private final PrintWriter out;

  /** A choice that is slower than the fastest by more than this was wrong. */
  private static final double WRONG = 1.05;

  private ComparisonText(Comparison comparison, PrintWriter out) {
    this.comparison = comparison;
    this.out = out;
  }

  /** Prints everything but the cost, which is printed before the measurement starts. */
  static void print(Comparison comparison, PrintWriter out) {
    ComparisonText text = new ComparisonText(comparison, out);
    text.printResults();
    text.printKernels();
    text.printSelection();
    text.printAbsent();
    text.printConclusion();
    out.flush();
  }

  private void printResults() {
    out.printf(
        "Measured in turns, %s s each after as long a warm-up; %s, %d %s%n%n",
        Numbers.significant(comparison.secondsEach()),
        comparison.layout(),
        comparison.threads(),
        comparison.threads() == 1 ? "thread" : "threads");
    TextTable table =
        new TextTable()
            .left("device")
            .left(comparison.kind())
            .left("check")
            .right("median ms")
            .right("p10 ms")
            .right("p90 ms")
            .right("GFLOP/s")
            .right("predicted ms")
            .right("speed-up")
            .right("promised");
    for (Result result : comparison.results()) {
      Optional<Timing> timing = result.timing();
      boolean baseline = result.variant().equals(comparison.results().getFirst().variant());
      table.row(
          result.device(),
          result.variant(),
          result.verdict() == Verdict.OK ? "ok" : result.verdict().name(),
          timing.map(times -> milliseconds(times.medianSeconds())).orElse("-"),
          timing.map(times -> milliseconds(times.p10Seconds())).orElse("-"),
          timing.map(times -> milliseconds(times.p90Seconds())).orElse("-"),
          timing.isPresent() ? Numbers.fixed(result.gflops(), 1) : "-",
          milliseconds(result.predictedSeconds()),
          baseline ? "" : result.speedup() == 0 ? "-" : Numbers.times(result.speedup()),
          baseline ? "" : Numbers.times(result.promisedSpeedup()));
    }
    table.print(out);
    double spread =
        comparison.results().stream()
            .flatMap(result -> result.timing().stream())
            .mapToDouble(times -> times.p90Seconds() / times.p10Seconds())
            .max()
            .orElse(1);
    if (spread > UNSTEADY) {
      out.printf(
          "%nThe times vary by up to %s: something else keeps this machine busy. Measure again.%n",
          Numbers.times(spread));
    }
    out.println();
  }

  private static String milliseconds(double seconds) {
    return Numbers.fixed(seconds * 1e3, 3);
  }

  private void printKernels() {
    TextTable table = new TextTable().left("device").left(comparison.kind()).left("kernel");
    boolean any = false;
    for (Result result : comparison.results()) {
      if (!result.kernel().isEmpty()) {
        table.row(result.device(), result.variant(), result.kernel());
        any = true;
      }
    }
    if (any) {
      table.print(out);
      out.println();
    }
  }

  private void printSelection() {
    comparison
        .selection()
        .ifPresent(
            chosen -> {
              out.printf(
                  "Selection picks %s for the separable %s: %s%n",
                  chosen.device(), comparison.kind(), chosen.reason());
              chosen.candidates().forEach(candidate -> out.println("  " + candidate));
              fastest()
                  .ifPresent(
                      result -> {
                        out.printf(
                            "  fastest measured: %s (%s ms)%n",
                            result.device(), milliseconds(median(result)));
                        printWrongChoice(chosen.device(), result);
                      });
              chosen.estimates().ifPresent(text -> out.printf("  predictions of %s%n", text));
              out.println();
            });
  }

  /** Where the page has measured otherwise, it says so. */
  private void printWrongChoice(String chosen, Result fastest) {
    measured()
        .filter(result -> result.device().equals(chosen))
        .filter(result -> median(result) > WRONG * median(fastest))
        .findFirst()
        .ifPresent(
            result ->
                out.printf(
                    "  The prediction was wrong: %s was predicted at %s ms and took %s ms; %s is %s as fast here.%n",
                    chosen,
                    milliseconds(result.predictedSeconds()),
                    milliseconds(median(result)),
                    fastest.device(),
                    Numbers.times(median(result) / median(fastest))));
  }

  private static double median(Result result) {
    return result.timing().orElseThrow().medianSeconds();
  }

  /** The results of the separable convolution, which selection is about. */
  private Stream<Result> measured() {
    return comparison.results().stream()
        .filter(result -> result.variant().equals(comparison.results().getLast().variant()))
        .filter(result -> result.timing().isPresent());
  }

  private Optional<Result> fastest() {
    return measured().min(Comparator.comparingDouble(ComparisonText::median));
  }

  /** Selection names those that are unavailable; those that failed, or all if it was not asked. */
  private void printAbsent() {
    boolean any = false;
    for (Absent absent : comparison.devices()) {
      if (absent.failed() || comparison.selection().isEmpty()) {
        out.printf("Not measured: %s: %s%n", absent.name(), absent.reason());
        if (!absent.remedy().isEmpty()) {
          out.printf("  remedy: %s%n", absent.remedy());
        }
        any = true;
      }
    }
    if (any) {
      out.println();
    }
  }

  private void printConclusion() {
    for (Result result : comparison.results()) {
      if (result.verdict() != Verdict.OK) {
        out.printf(
            "%s: %s %s: %s%n",
            result.verdict(), result.device(), result.variant(), result.problem());
      }
    }
    List<Result> good =
        comparison.results().stream().filter(result -> result.verdict() == Verdict.OK).toList();
    int all = comparison.results().size();
    if (good.size() < all) {
      out.printf(
          "%s%d of %d outputs agree with the float64 reference.%n",
          comparison.passed() ? "" : "FAILED: only ", good.size(), all);
    } else {
      double worst = good.stream().mapToDouble(Result::worstError).max().orElse(0);
      out.printf(
          "All %d outputs agree with the float64 reference; the largest error is %s %% of its bound.%n",
          all, Numbers.significant(100 * worst));
      if (comparison.kind().equals(CompareCommand.NETWORK)) {
        out.printf(
            Locale.ROOT,
            "That bound is %.4f of the largest value: the errors of the layers add up.%n",
            NetworkSubject.ALLOWED);
      }
    }
    List<String> failed =
        comparison.devices().stream().filter(Absent::failed).map(Absent::name).toList();
    if (!failed.isEmpty()) {
      out.printf("FAILED: could not be opened: %s%n", String.join(", ", failed));
    }
  }
}
