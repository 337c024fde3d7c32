package org.sepconv.cli.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ConvolutionOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.cli.frame.TopCommand;
import org.sepconv.cost.Prediction;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.select.Selection;
import org.sepconv.select.Selection.Candidate;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sepconv select}: which device would run a convolution, and why. */
@Command(
    name = "select",
    header = "Which backend would run a convolution, and why not the others.",
    description =
        "Asks every available device, and prints the choice with the reasons for and against each:"
            + " by the cost model, or with --select measured by a trial.")
public final class SelectCommand implements Callable<Integer> {

  @Mixin private ConvolutionOptionsMixin convolution;

  @Option(
      names = "--variant",
      paramLabel = "KIND",
      defaultValue = "separable",
      description =
          "separable, the standard convolution that it replaces, or grouped with "
              + "--groups (default: ${DEFAULT-VALUE}).")
  private String variant;

  @Option(
      names = "--layout",
      paramLabel = "nhwc|nchw",
      defaultValue = "nhwc",
      description = "Order of the values of input and output (default: ${DEFAULT-VALUE}).")
  private Layout layout;

  @Option(
      names = "--data",
      paramLabel = "there|host|DEVICE",
      defaultValue = "there",
      description =
          "Where the input is and the output is wanted: there, on the device that "
              + "runs it; host, in arrays; or on one device. What must be moved counts "
              + "(default: ${DEFAULT-VALUE}).")
  private String data;

  @Mixin private SelectionMixin selectionOptions;

  @Option(names = "--clear-cache", description = "Forget the answers of all trials before.")
  private boolean clearCache;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  @Spec private CommandSpec command;

  /** The JSON document: the choice, and every device or unavailable backend. */
  record Document(
      String convolution,
      String input,
      String device,
      String name,
      String reason,
      List<Entry> candidates) {}

  /**
   * A candidate.
   *
   * @param verdict what kind of verdict: {@code PREDICTED}, {@code MEASURED}, {@code NOT_TRIED},
   *     {@code UNSUPPORTED}, {@code UNAVAILABLE} or {@code FAILED}
   * @param text the verdict in words
   * @param predictedSeconds null where it cannot run
   * @param measuredSeconds null where it was not tried
   */
  record Entry(
      String id,
      String verdict,
      String text,
      Optional<Double> predictedSeconds,
      Optional<Double> measuredSeconds) {
    boolean hasPrediction() {
      return predictedSeconds.isPresent();
    }
  }

  @Override
  public Integer call() throws IOException {
    if (backendOptions.named()) {
      throw new IllegalArgumentException("select chooses among all backends; leave --backend out");
    }
    ShapeCase chosen = variant();
    if (clearCache) {
      selectionOptions.cache().clear();
    }
    try (Backends backends = backendOptions.discover()) {
      Problem problem = chosen.problem(layout);
      Selection selection =
          backendOptions.select(backends, problem, selectionOptions.options(location()));
      PrintWriter out = output.text();
      out.printf("%s on %s%n%n%s%n", problem.operation(), problem.source(), selection.describe());
      estimated(backends, selection).ifPresent(text -> out.printf("%npredictions of %s%n", text));
      out.flush();
      output.json(document(selection));
      if (TopCommand.of(command).verbose()) {
        explain(backends.backend(selection.chosen().id()), problem, out);
      }
    }
    return ExitStatus.OK;
  }

  /** Prepares the problem, as its backend does it cold, and prints the kernels considered. */
  private static void explain(ConvBackend backend, Problem problem, PrintWriter out) {
    out.printf("%nkernels of %s%n", backend.device().id());
    Weights zeros = Weights.filled(problem.operation(), float[]::new); // no kernel looks at them
    try (Prepared prepared = backend.prepare(problem, zeros)) {
      prepared.explain().forEach(kernel -> out.printf("  %s%n", Errors.oneLine(kernel.toString())));
    }
    out.flush();
  }

  /** Which predictions are estimates, and the way out; empty if none is. */
  public static Optional<String> estimated(Backends backends, Selection selection) {
    List<String> estimated =
        selection.candidates().stream()
            .filter(candidate -> entry(candidate.id(), candidate.verdict()).hasPrediction())
            .map(Candidate::id)
            .filter(id -> backends.profile(backends.backend(id)).calibrated().isEmpty())
            .toList();
    return estimated.isEmpty()
        ? Optional.empty()
        : Optional.of(
            String.join(", ", estimated)
                + " are estimates; 'sepconv calibrate', or --first-use calibrate, measures");
  }

  private ShapeCase variant() {
    List<ShapeCase> variants = convolution.variants();
    return variants.stream()
        .filter(each -> each.name().equals(variant.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no variant '%s'; there are: %s"
                        .formatted(
                            variant,
                            variants.stream()
                                .map(ShapeCase::name)
                                .collect(Collectors.joining(", ")))));
  }

  private DataLocation location() {
    return switch (data.strip().toLowerCase(Locale.ROOT)) {
      case "there" -> DataLocation.whereItRuns();
      case "host" -> DataLocation.host();
      default -> DataLocation.device(data);
    };
  }

  private static Document document(Selection selection) {
    return new Document(
        selection.problem().operation().toString(),
        selection.problem().source().toString(),
        selection.chosen().id(),
        selection.chosen().name(),
        selection.reason(),
        selection.candidates().stream()
            .map(candidate -> entry(candidate.id(), candidate.verdict()))
            .toList());
  }

  private static Entry entry(String id, Verdict verdict) {
    String text = Errors.oneLine(verdict.toString());
    return switch (verdict) {
      case Verdict.Predicted(Prediction prediction) ->
          entry(id, "PREDICTED", text, prediction, Optional.empty());
      case Verdict.Measured(Prediction prediction, double seconds, int _) ->
          entry(id, "MEASURED", text, prediction, Optional.of(seconds));
      case Verdict.NotTried(Prediction prediction, String _) ->
          entry(id, "NOT_TRIED", text, prediction, Optional.empty());
      case Verdict.Unsupported _ -> without(id, "UNSUPPORTED", text);
      case Verdict.Unavailable _ -> without(id, "UNAVAILABLE", text);
      case Verdict.Failed _ -> without(id, "FAILED", text);
    };
  }

  private static Entry entry(
      String id, String kind, String text, Prediction prediction, Optional<Double> measured) {
    return new Entry(id, kind, text, Optional.of(prediction.seconds()), measured);
  }

  private static Entry without(String id, String kind, String text) {
    return new Entry(id, kind, text, Optional.empty(), Optional.empty());
  }
}
