package org.sepconv.bench.tool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.sepconv.bench.Environment;
import org.sepconv.bench.Subject;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cases.Agreement;
import org.sepconv.reference.Reference;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;
import org.sepconv.timing.Turns;

/**
 * Layers, networks and models on several implementations that take turns in one JVM, a fraction of
 * a second each: for machines whose speed changes by the minute, where rows of JVMs that run one
 * after the other say more of the minute than of the code. What each computes is compared with the
 * reference first.
 *
 * <pre>
 *   java -Xss16m --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED
 *       -cp 'cli/target/lib/*' org.sepconv.bench.tool.SideBySide
 *       "cpu onnxruntime onednn djl" THREADS ROUNDS SUBJECT...
 * </pre>
 *
 * <p>A subject is what a line of a shape file says, {@code network mobilenet_v2 224 1.0 1} or
 * {@code model 1x3x48x320 PATH}. With several threads, those of engines that wait by spinning
 * disturb who comes next.
 */
public final class SideBySide {
  private static final long SLICE_NANOS = 200_000_000;

  /** Who has not become faster for so many is warm. */
  private static final int WARM_SLICES = 5;

  private final List<Contestant> all = new ArrayList<>();

  /** An implementation that takes part. */
  private static final class Contestant {
    private final String name;
    private final PreparedLayer prepared;
    private final Stopwatch watch;
    private final List<Double> seconds = new ArrayList<>();

    Contestant(String name, PreparedLayer prepared) {
      this.name = name;
      this.prepared = prepared;
      this.watch = new Stopwatch(prepared::run, System::nanoTime);
    }

    void measure() {
      seconds.add(Quantiles.median(watch.slice(SLICE_NANOS)));
    }
  }

  /**
   * What became of one of them.
   *
   * @param name of the implementation
   * @param seconds of a run: the median round
   * @param best the tenth percentile of the rounds
   * @param ratio of its time to that of the first in the same round: the median round
   */
  record Row(String name, double seconds, double best, double ratio) {}

  private SideBySide() {}

  /**
   * What is measured, and what must come out.
   *
   * @param given what a run gave, to be compared with {@code expected}
   * @param tolerance how many times the bound that may be away
   */
  record Task(
      String name,
      Workload work,
      Reference.Result expected,
      Function<PreparedLayer, float[]> given,
      ToDoubleFunction<Implementation> tolerance) {

    static Task of(Subject subject) {
      return new Task(
          subject.name(), subject.workload(), subject.answer(), subject::given, subject::tolerance);
    }

    /** Of a problem with one output, within its bound on all implementations. */
    static Task of(String name, Workload work) {
      Reference.Result expected =
          Reference.run(work.problem(), work.weights(), work.inputs().toArray(float[][]::new));
      return new Task(name, work, expected, PreparedLayer::output, _ -> 1);
    }
  }

  /**
   * Measures one task.
   *
   * @param rounds at least 1
   * @throws IllegalStateException if one of them computes something else than the reference
   */
  static List<Row> measure(
      Task task, List<Implementation> implementations, int threads, int rounds) {
    SideBySide measured = new SideBySide();
    try {
      measured.prepare(task, implementations, threads);
      return measured.rows(rounds);
    } finally {
      measured.all.forEach(one -> one.prepared.close());
    }
  }

  private void prepare(Task task, List<Implementation> implementations, int threads) {
    for (Implementation implementation : implementations) {
      Contestant one =
          new Contestant(implementation.name(), implementation.prepare(task.work, threads));
      all.add(one);
      one.prepared.run();
      double error = Agreement.of(task.expected, task.given.apply(one.prepared)).errorOverBound();
      if (error > task.tolerance.applyAsDouble(implementation)) {
        throw new IllegalStateException(
            "%s computes something else than the reference on %s: the largest error is %.3g times the bound"
                .formatted(one.name, task.name, error));
      }
    }
  }

  private List<Row> rows(int rounds) {
    Turns<Contestant> turns = new Turns<>(all);
    while (turns.round(
        one -> !one.watch.isSettled(0, WARM_SLICES), one -> one.watch.slice(SLICE_NANOS))) {}
    for (int round = 0; round < rounds; round++) {
      turns.round(_ -> true, Contestant::measure);
    }
    return all.stream().map(this::row).toList();
  }

  private Row row(Contestant one) {
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < one.seconds.size(); round++) {
      ratios.add(one.seconds.get(round) / all.getFirst().seconds.get(round));
    }
    return new Row(
        one.name,
        Quantiles.median(one.seconds),
        Quantiles.of(one.seconds, 0.1),
        Quantiles.median(ratios));
  }

  public static void main(String[] arguments) {
    if (arguments.length < 4) {
      throw new IllegalArgumentException("say IMPLEMENTATIONS THREADS ROUNDS SUBJECT...");
    }
    print(
        arguments[0],
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Arrays.stream(arguments).skip(3).map(SideBySide::task));
  }

  private static Task task(String line) {
    try {
      return Task.of(Subject.parse(line));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Measures one task after the other, and prints a table. */
  static void print(String names, int threads, int rounds, Stream<Task> tasks) {
    List<Implementation> implementations =
        Arrays.stream(names.split(" ")).map(Implementations::named).toList();
    System.out.printf(
        "%s%n%d thread(s), %d rounds in turns; ms: the median round (tenth percentile)%n%n",
        Environment.here(), threads, rounds);
    String first = implementations.getFirst().name();
    System.out.print("| |");
    implementations.forEach(one -> System.out.print(" " + one.name() + " |"));
    implementations.stream()
        .skip(1)
        .forEach(one -> System.out.printf(" %s / %s |", one.name(), first));
    System.out.println("\n|---|" + "--:|".repeat(2 * implementations.size() - 1));
    tasks.forEach(
        task ->
            System.out.println(line(task.name, measure(task, implementations, threads, rounds))));
  }

  private static String line(String name, List<Row> rows) {
    StringBuilder text = new StringBuilder("| " + name + " |");
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT, " %.3f (%.3f) |", row.seconds * 1e3, row.best * 1e3));
    }
    rows.stream()
        .skip(1)
        .forEach(row -> text.append(String.format(Locale.ROOT, " %.2f |", row.ratio)));
    return text.toString();
  }
}
