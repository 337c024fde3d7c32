package org.sepconv.cli.compare;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cli.compare.Comparison.Absent;
import org.sepconv.cli.compare.Comparison.Chosen;
import org.sepconv.cli.compare.Comparison.Result;
import org.sepconv.cli.compare.Comparison.Verdict;
import org.sepconv.cli.cost.ConvolutionCost;
import org.sepconv.cli.device.SelectCommand;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ConvolutionOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.text.Progress;
import org.sepconv.select.BackendStatus;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.select.Selection;
import org.sepconv.select.SelectionOptions;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sepconv compare}: the promise of separable convolution, and what becomes of it here. */
@Command(
    name = "compare",
    header = "Standard against separable convolution: cost, correctness and speed.",
    description =
        "Runs a separable convolution, or a network of them, and the standard one that it replaces"
            + " on every available backend: checks every output against the float64 reference,"
            + " measures, and compares the speed-up with what theory promises.")
public final class CompareCommand implements Callable<Integer> {

  /** For all convolutions together, unless --time says otherwise. */
  private static final double LONGEST_SECONDS = 24;

  private static final double LONGEST_SECONDS_EACH = 1.5;

  static final String NETWORK = "network";

  @Mixin private ConvolutionOptionsMixin convolution;

  @Option(
      names = {"-n", "--network"},
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description =
          "A whole network instead, beside the same with every separable convolution, and every"
              + " depthwise one that a pointwise one follows, as a standard one:"
              + " ${COMPLETION-CANDIDATES}; or a model in ONNX (.onnx).")
  private Optional<String> network = Optional.empty();

  @Mixin private NetworkOptionsMixin networkOptions;

  @Option(
      names = "--layout",
      paramLabel = "nhwc|nchw",
      defaultValue = "nhwc",
      description = "Order of the values of input and output (default: ${DEFAULT-VALUE}).")
  private Layout layout;

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      description =
          "How long to measure each convolution on each device, and to warm it up before (default:"
              + " 1.5, less where there are many).")
  private Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random input and weights (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selectionOptions;
  @Mixin private OutputMixin output;

  @Spec private CommandSpec command;

  /** What is compared: the standard one first, the separable one last. */
  private record Pair(
      String kind,
      String text,
      ConvolutionCost cost,
      List<Problem> problems,
      Supplier<List<Subject>> subjects) {}

  @Override
  public Integer call() throws IOException {
    seconds.ifPresent(given -> OptionChecks.requireSeconds("--time", given));
    OptionChecks.refuseMixed(command, network.isPresent(), Set.of("--batch"));
    backendOptions.refuseNamed(selectionOptions);
    SelectionOptions how = selectionOptions.options(DataLocation.whereItRuns());
    PrintWriter out = output.text();
    Pair pair =
        network.isPresent() ? networks(networkOptions.model(network.get(), seed)) : convolutions();
    try (Backends backends = backendOptions.discoverWarm(BackendOptions.LONGEST_WARM_UP)) {
      List<Absent> absent = new ArrayList<>();
      List<ConvBackend> opened = open(backends, absent);
      out.printf("%s%n%n", pair.text);
      pair.cost.print(pair.kind, out);
      out.println();
      out.flush();
      if (opened.isEmpty()) {
        throw BackendOptionsMixin.noneAvailable();
      }
      Comparison comparison = compare(backends, opened, absent, pair, how);
      ComparisonText.print(comparison, out);
      output.json(comparison);
      return comparison.passed() ? ExitStatus.OK : ExitStatus.FAILED;
    }
  }

  private Pair convolutions() {
    List<ShapeCase> variants = convolution.variants();
    return new Pair(
        "convolution",
        convolution.describe(),
        ConvolutionCost.of(variants),
        variants.stream().map(variant -> variant.problem(layout)).toList(),
        () -> ConvolutionSubject.of(variants, layout, seed));
  }

  private Pair networks(Model model) {
    SizedModel sized = model.sized(convolution.batch().orElse(1));
    List<Problem> problems = NetworkSubject.problems(sized, layout);
    return new Pair(
        NETWORK,
        "%s, %s -> %s"
            .formatted(
                model.title(),
                sized.inputs().getFirst().sizes(),
                sized.outputs().getFirst().sizes()),
        ConvolutionCost.ofNetworks(problems.getFirst(), problems.getLast()),
        problems,
        () -> NetworkSubject.of(problems, sized.weights().get(), seed));
  }

  private List<ConvBackend> open(Backends backends, List<Absent> absent) {
    List<ConvBackend> opened = new ArrayList<>();
    if (backendOptions.named()) {
      for (String id : backendOptions.deviceIds(backends)) {
        opened.add(backends.backend(id));
      }
      return opened;
    }
    for (BackendStatus status : backends.statuses()) {
      switch (status.availability()) {
        case Availability.Unavailable(String reason, String remedy) ->
            absent.add(new Absent(status.name(), reason, remedy, false));
        case Availability.Available(List<DeviceInfo> devices) -> {
          for (DeviceInfo device : devices) {
            try {
              opened.add(backends.backend(device.id()));
            } catch (IllegalArgumentException wrongSetting) {
              throw wrongSetting;
            } catch (RuntimeException | LinkageError | AssertionError failure) {
              absent.add(new Absent(device.id(), Errors.describe(failure, device.id()), "", true));
            }
          }
        }
      }
    }
    return opened;
  }

  private Comparison compare(
      Backends backends,
      List<ConvBackend> opened,
      List<Absent> absent,
      Pair pair,
      SelectionOptions how) {
    try (Experiment experiment =
        new Experiment(
            opened,
            pair.subjects.get(),
            (backend, problem) -> backends.predict(backend, problem).seconds())) {
      double each = secondsEach(experiment.contenders());
      try (Progress progress = Progress.start("compare", experiment.steps(each), " ms")) {
        experiment.measure(each, progress);
      }
      List<Result> results = experiment.results();
      boolean passed =
          absent.stream().noneMatch(Absent::failed)
              && results.stream().anyMatch(result -> result.verdict() == Verdict.OK)
              && results.stream().allMatch(this::acceptable);
      return new Comparison(
          pair.kind,
          pair.cost,
          layout.name(),
          backendOptions.options().threads(),
          each,
          results,
          List.copyOf(absent),
          selection(backends, pair.problems.getLast(), how),
          passed);
    }
  }

  /** A backend may be unable to run a convolution, unless it was asked for by name. */
  private boolean acceptable(Result result) {
    return result.verdict() == Verdict.OK
        || result.verdict() == Verdict.UNSUPPORTED && !backendOptions.named();
  }

  private double secondsEach(int contenders) {
    return seconds.orElse(
        Math.min(LONGEST_SECONDS_EACH, LONGEST_SECONDS / (2 * Math.max(1, contenders))));
  }

  private Optional<Chosen> selection(Backends backends, Problem separable, SelectionOptions how) {
    if (backendOptions.named()) {
      return Optional.empty();
    }
    try {
      Selection selection = backendOptions.select(backends, separable, how);
      return Optional.of(Chosen.of(selection, SelectCommand.estimated(backends, selection)));
    } catch (BackendException _) {
      return Optional.empty(); // the results say why no device can
    }
  }
}
