package org.sepconv.cli.calibrate;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.sepconv.KernelKind;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.calibration.Operations;
import org.sepconv.calibration.Rounds;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cli.calibrate.Accuracy.Device;
import org.sepconv.cli.calibrate.Accuracy.Document;
import org.sepconv.cli.calibrate.Accuracy.Regret;
import org.sepconv.cli.calibrate.Accuracy.Regrets;
import org.sepconv.cli.calibrate.Accuracy.Row;
import org.sepconv.cli.calibrate.Accuracy.Spread;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Progress;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cost.Prediction;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.select.SelectionCache;
import org.sepconv.select.SelectionOptions;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv accuracy}: predicted against measured times. */
@Command(
    name = "accuracy",
    header = "How true predicted times are: random operations, measured.",
    description =
        "Runs random operations on every available device, or on the named ones, and compares each"
            + " time with its prediction; with several devices, the time of those that prediction,"
            + " or a trial, chooses with that of the fastest. Calibrate first.")
public final class AccuracyCommand implements Callable<Integer> {

  @Option(
      names = {"-n", "--operations"},
      paramLabel = "N",
      defaultValue = "200",
      description = "How many operations (default: ${DEFAULT-VALUE}).")
  private int operations;

  @Option(
      names = "--shapes",
      paramLabel = "NAME",
      split = ",",
      description =
          "Instead of random ones, the operations of these shape files, each once: pairs, "
              + "mobilenet_v1, mobilenet_v2, reports, corners.")
  private List<String> shapes = List.of();

  @Option(
      names = "--network",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = NetworkNames.class,
      description =
          "Instead of random operations, whole networks, each at three sizes, the published one and"
              + " two smaller ones: ${COMPLETION-CANDIDATES}.")
  private List<String> networks = List.of();

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Which operations: the same seed gives the same ones (default: new ones).")
  private Optional<Long> seed = Optional.empty();

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      description =
          "How long to measure each on each device (default: 0.6; for networks 6, since they "
              + "have more to compile).")
  private Optional<Double> given = Optional.empty();

  @Option(
      names = "--trials",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "With several devices, also have a trial choose one for each operation, as "
              + "--select measured does: for how long each device may run in it (default: "
              + "no trials).")
  private double trialSeconds;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  @Override
  public Integer call() throws IOException {
    if (operations < 1) {
      throw new IllegalArgumentException(
          "operations is %d, but must be at least 1".formatted(operations));
    }
    if (!shapes.isEmpty() && !networks.isEmpty()) {
      throw new IllegalArgumentException(
          "--shapes %s and --network %s are given, but only one of them can be measured"
              .formatted(String.join(",", shapes), String.join(",", networks)));
    }
    given.ifPresent(seconds -> OptionChecks.requireSeconds("--time", seconds));
    if (trialSeconds != 0) {
      OptionChecks.requireSeconds("--trials", trialSeconds);
      if (backendOptions.named()) {
        throw new IllegalArgumentException(
            "--trials chooses among all devices; leave --backend out");
      }
    }
    long chosenSeed = seed.orElseGet(() -> ThreadLocalRandom.current().nextLong(1_000_000));
    List<Problem> problems = problems(chosenSeed);
    List<Device> devices = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    Map<String, String> chosen = Map.of();
    try (Backends backends = backendOptions.discoverWarm()) {
      List<String> ids = backendOptions.requireDeviceIds(backends);
      for (String id : ids) {
        ConvBackend backend = backends.backend(id);
        devices.add(measure(backends, backend, problems, rows));
      }
      if (trialSeconds > 0) {
        chosen = trials(backends, problems, Accuracy.byOperation(rows));
      }
    }
    Regrets regrets = new Regrets(Regret.ofPredicted(rows), Regret.ofMeasured(rows, chosen));
    Document document = new Document(chosenSeed, problems.size(), devices, regrets, rows);
    print(document, output.text());
    output.json(document);
    return ExitStatus.OK;
  }

  private List<Problem> problems(long chosenSeed) {
    if (!networks.isEmpty()) {
      return networks.stream().flatMap(AccuracyCommand::sizes).toList();
    }
    return shapes.isEmpty() ? Operations.random(operations, chosenSeed) : shaped(shapes);
  }

  /** 128, 192 and 224 where 224 is the usual size. */
  private static Stream<Problem> sizes(String network) {
    int usual = Networks.usualSize(network);
    return Stream.of(usual * 4 / 7, usual * 6 / 7, usual)
        .map(size -> Networks.of(network, size, 1).problem());
  }

  private static List<Problem> shaped(List<String> names) {
    return names.stream()
        .flatMap(name -> ShapeFile.named(name).stream())
        .map(shape -> shape.problem(Layout.NHWC))
        .distinct()
        .toList();
  }

  private Device measure(
      Backends backends, ConvBackend backend, List<Problem> problems, List<Row> rows) {
    String id = backend.device().id();
    double seconds = given.orElse(networks.isEmpty() ? 0.6 : 6);
    Duration each = Duration.ofNanos(Math.round(seconds * 1e9));
    List<Outcome> outcomes = times(backend, problems, each);
    List<Row> own = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      Problem problem = outcome.problem();
      if (outcome.seconds().isEmpty()) {
        skipped.add(text(problem) + ": " + outcome.reason());
        continue;
      }
      Prediction prediction = backends.predict(backend, problem);
      own.add(
          Row.of(
              id,
              problem.operation().kind(),
              text(problem),
              outcome.seconds().getAsDouble(),
              prediction.seconds(),
              prediction.explanation()));
    }
    rows.addAll(own);
    return Device.of(id, backends.profile(backend).source(), own, skipped);
  }

  private static List<Outcome> times(ConvBackend backend, List<Problem> problems, Duration each) {
    String task = "accuracy " + backend.device().id();
    try (Progress progress = Progress.start(task, each.toMillis() * problems.size(), " ms")) {
      return new Rounds(backend)
          .measure(problems, each, (done, what) -> progress.show(done / 1_000_000, what));
    }
  }

  /** The device that a trial chooses for each operation that several devices can run. */
  private Map<String, String> trials(
      Backends backends, List<Problem> problems, Map<String, List<Row>> rows) {
    SelectionOptions how =
        SelectionOptions.measured()
            .withCache(SelectionCache.off())
            .withTrialTime(Duration.ofNanos(Math.max(1, Math.round(trialSeconds * 1e9))));
    Map<String, String> chosen = new HashMap<>();
    int done = 0;
    try (Progress progress = Progress.start("accuracy trials", problems.size(), "")) {
      for (Problem problem : problems) {
        String operation = text(problem);
        progress.show(done++, operation);
        if (rows.getOrDefault(operation, List.of()).size() > 1) {
          chosen.put(operation, backends.select(problem, how).chosen().id());
        }
      }
    }
    return chosen;
  }

  /** The operation and the shape that it is on: {@code pointwise 1x1 8->8 on 1x8x7x7}. */
  private static String text(Problem problem) {
    return problem.operation() + " on " + problem.source().shape();
  }

  private void print(Document document, PrintWriter out) {
    out.printf("%d operations, %s%n%n", document.operations(), which(document.seed()));
    TextTable table =
        new TextTable()
            .left("device")
            .left("kind")
            .right("operations")
            .right("median error")
            .right("90 % within");
    for (Device device : document.devices()) {
      row(table, device.device(), "all", device.all());
      device.kinds().forEach((kind, spread) -> row(table, "", name(kind), spread));
    }
    table.print(out);
    for (Device device : document.devices()) {
      out.printf("%n%s: %s; the worst:%n", device.device(), device.profile());
      for (Row row : device.worst()) {
        out.printf(
            "  %s %%  %s%n    measured %s ms, predicted %s ms (%s)%n",
            Numbers.fixed(100 * row.error(), 0),
            row.operation(),
            Numbers.significant(row.measuredSeconds() * 1e3),
            Numbers.significant(row.predictedSeconds() * 1e3),
            row.explanation());
      }
      device.skipped().forEach(skipped -> out.printf("  skipped %s%n", skipped));
    }
    out.println();
    document.regret().predicted().ifPresent(regret -> print("prediction", regret, out));
    document.regret().measured().ifPresent(regret -> print("trial", regret, out));
    out.flush();
  }

  private static void print(String how, Regret regret, PrintWriter out) {
    out.printf(
        "chosen by %s: %s ms, the fastest: %s ms, regret %s; %d of %d right%n",
        how,
        Numbers.significant(regret.chosenSeconds() * 1e3),
        Numbers.significant(regret.bestSeconds() * 1e3),
        Numbers.percent(regret.regret(), 1),
        regret.right(),
        regret.operations());
  }

  private String which(long usedSeed) {
    List<String> named = shapes.isEmpty() ? networks : shapes;
    return named.isEmpty() ? "seed " + usedSeed : "of " + String.join(", ", named);
  }

  private static void row(TextTable table, String device, String kind, Spread spread) {
    table.row(
        device,
        kind,
        "" + spread.operations(),
        Numbers.percent(spread.median(), 1),
        Numbers.percent(spread.percentile90(), 1));
  }

  private static String name(KernelKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
