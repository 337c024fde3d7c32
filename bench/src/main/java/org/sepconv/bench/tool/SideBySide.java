package org.sepconv.bench.tool;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

  /** So many rounds until C2 has compiled what was not warm. */
  private static final int WARM_ROUNDS = 5;

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
   * Measures one subject.
   *
   * @param rounds at least 1
   * @throws IllegalStateException if one of them computes something else than the reference
   */
  static List<Row> measure(
      Subject subject, List<Implementation> implementations, int threads, int rounds) {
    SideBySide measured = new SideBySide();
    try {
      measured.prepare(subject, implementations, threads);
      return measured.rows(rounds);
    } finally {
      measured.all.forEach(one -> one.prepared.close());
    }
  }

  private void prepare(Subject subject, List<Implementation> implementations, int threads) {
    Workload work = subject.workload();
    Reference.Result expected = subject.answer();
    for (Implementation implementation : implementations) {
      Contestant one = new Contestant(implementation.name(), implementation.prepare(work, threads));
      all.add(one);
      one.prepared.run();
      double error = Agreement.of(expected, subject.given(one.prepared)).errorOverBound();
      if (error > subject.tolerance(implementation)) {
        throw new IllegalStateException(
            "%s computes something else than the reference on %s: the largest error is %.3g times the bound"
                .formatted(one.name, subject.name(), error));
      }
    }
  }

  private List<Row> rows(int rounds) {
    Turns<Contestant> turns = new Turns<>(all);
    for (int round = 0; round < WARM_ROUNDS; round++) {
      turns.round(_ -> true, one -> one.watch.slice(SLICE_NANOS));
    }
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

  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 4) {
      throw new IllegalArgumentException("say IMPLEMENTATIONS THREADS ROUNDS SUBJECT...");
    }
    List<Implementation> implementations =
        Arrays.stream(arguments[0].split(" ")).map(Implementations::named).toList();
    int threads = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
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
    for (String line : Arrays.asList(arguments).subList(3, arguments.length)) {
      Subject subject = Subject.parse(line);
      System.out.println(line(subject, measure(subject, implementations, threads, rounds)));
    }
  }

  private static String line(Subject subject, List<Row> rows) {
    StringBuilder text = new StringBuilder("| " + subject.name() + " |");
    for (Row row : rows) {
      text.append(String.format(Locale.ROOT, " %.3f (%.3f) |", row.seconds * 1e3, row.best * 1e3));
    }
    rows.stream()
        .skip(1)
        .forEach(row -> text.append(String.format(Locale.ROOT, " %.2f |", row.ratio)));
    return text.toString();
  }
}
