package org.sepconv.cli.show;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.cases.TestData;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.network.DeviceChoice;
import org.sepconv.cli.network.Measurement;
import org.sepconv.cli.text.Timing;
import org.sepconv.files.AtomicFile;
import org.sepconv.graph.pass.Passes;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code sepconv show}: a network, before and after the passes. */
@Command(
    name = "show",
    header = "Show a network: its nodes, and what becomes of them before they run.",
    description =
        "Lists the nodes of a network with their shapes and costs, says what is folded and fused"
            + " before a backend runs it, and lists what is left. Nothing runs without --profile.",
    footer = "Example:  sepconv show model.onnx --size 640 --html model.html --profile")
public final class ShowCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description = "One of: ${COMPLETION-CANDIDATES}; or a model in ONNX (.onnx).")
  private String name;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Written: the same drawn, as one HTML page that needs nothing else; with --profile, also"
              + " where time and memory go.")
  private Optional<Path> page = Optional.empty();

  @Mixin private NetworkOptionsMixin networkOptions;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Images in each input (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random weights and inputs (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--profile",
      description =
          "Run it on random values, and time every operation as it runs, beside what the device"
              + " could do at best and what was predicted.")
  private boolean profile;

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      defaultValue = "1.0",
      description =
          "With --profile, how long to measure, and 20 times as long at most to get warm before"
              + " (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selection;
  @Mixin private OutputMixin output;

  @Override
  public Integer call() throws IOException {
    OptionChecks.requireSeconds("--time", seconds);
    if (page.isPresent()) {
      AtomicFile.check(page.get());
    }
    Model model = networkOptions.model(name, seed);
    SizedModel sized = model.sized(batch);
    Problem problem = sized.problem(Layout.NCHW);
    GraphWeights weights = sized.weights().get();
    try (Backends backends =
        profile
            ? backendOptions.discoverWarm(Measurement.warmUp(seconds))
            : backendOptions.discover()) {
      BackendOptionsMixin.Choice choice =
          backendOptions.choice(backends, problem, selection, DataLocation.whereItRuns());
      Passes.Compiled compiled = choice.backend().compile(problem, weights);
      Graph after = compiled.program().graph();
      Absorbed absorbed = new Absorbed(sized.graph(), after);
      Shown shown =
          new Shown(
              model.name(),
              model.title(),
              model.weights(),
              DeviceChoice.of(backends, choice),
              ShownGraph.of(sized.graph(), problem, _ -> List.of()),
              compiled.reports().stream().map(Shown.Pass::of).toList(),
              ShownGraph.of(after, compiled.program().on(problem), absorbed::by),
              profile
                  ? Optional.of(run(choice.backend(), problem, weights, backends))
                  : Optional.empty());
      print(shown);
    }
    return ExitStatus.OK;
  }

  private Shown.Run run(
      ConvBackend backend, Problem problem, GraphWeights weights, Backends backends) {
    try (Measurement measured =
        Measurement.of(backend, problem, weights, TestData.evenInputs(problem, seed))) {
      Timing timing = measured.steady(seconds);
      return new Shown.Run(
          backendOptions.options().threads(),
          measured.warm(),
          timing,
          measured.profile(seconds, backends),
          measured.memoryPlan());
    }
  }

  private void print(Shown shown) throws IOException {
    PrintWriter out = output.text();
    ShowText.print(shown, out);
    if (page.isPresent()) {
      AtomicFile.write(page.get(), stream -> ShowPage.write(shown, stream));
      out.printf("%ndrawn in %s%n", page.get());
    }
    out.flush();
    output.json(shown);
  }
}
