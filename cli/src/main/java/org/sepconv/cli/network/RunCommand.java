package org.sepconv.cli.network;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.sepconv.Weights;
import org.sepconv.cli.cost.CostEntry;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.frame.SelectionMixin;
import org.sepconv.cli.frame.TopCommand;
import org.sepconv.cli.model.Model;
import org.sepconv.cli.model.SizedModel;
import org.sepconv.cli.text.Timing;
import org.sepconv.cost.Cost;
import org.sepconv.files.AtomicFile;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.spi.Part;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sepconv run}: a whole network. */
@Command(
    name = "run",
    header = "Run a whole network, and say where its time goes.",
    description =
        "Prepares a network on the backend that is predicted to be the fastest, or on a named one,"
            + " runs it on NumPy files or random values, and measures it. Weights are those of the"
            + " model or of a file; without, they are random, of a size that keeps the values of"
            + " every layer ordinary.",
    footer = "Example:  sepconv run mobilenet_v2 --input x.npy --output y.npy --profile")
public final class RunCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description = "One of: ${COMPLETION-CANDIDATES}; or a model in ONNX (.onnx).")
  private String name;

  @Mixin private NetworkOptionsMixin networkOptions;

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description =
          "A NumPy file (.npy, float32, C order), of N x C x H x W values for a ready-made network;"
              + " several times for a network of several inputs (default: random values).")
  private List<Path> inputs = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Written: the output as a NumPy file; several times for several outputs.")
  private List<Path> targets = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images in each input (default: 1, or as many as the file has).")
  private Optional<Integer> batch = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random weights and inputs (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      defaultValue = "1.0",
      description =
          "How long to measure, and 20 times as long at most to get warm before (default:"
              + " ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--profile",
      description =
          "Time every operation as it runs, beside what the device could do at best and what was"
              + " predicted, and say what runs on the host, and why.")
  private boolean profile;

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private SelectionMixin selection;
  @Mixin private OutputMixin output;

  @Spec private CommandSpec command;

  @Override
  public Integer call() throws IOException {
    OptionChecks.requireSeconds("--time", seconds);
    Model model = networkOptions.model(name, seed);
    for (Path target : targets) {
      AtomicFile.check(target);
    }
    RunData data =
        inputs.isEmpty()
            ? RunData.random(model, batch.orElse(1), seed)
            : RunData.read(model, batch, inputs);
    int given = data.network().outputs().size();
    if (targets.size() > given) {
      throw new IllegalArgumentException(
          "%d files are given with --output, but %s gives %d: %s"
              .formatted(
                  targets.size(),
                  model.name(),
                  given,
                  data.network().outputs().stream()
                      .map(SizedModel.Value::name)
                      .collect(Collectors.joining(", "))));
    }
    try (Backends backends = backendOptions.discoverWarm(Measurement.warmUp(seconds))) {
      BackendOptionsMixin.Choice choice =
          backendOptions.choice(backends, data.problem(), selection, DataLocation.whereItRuns());
      Weights weights = data.network().weights().get();
      try (Measurement measured =
          Measurement.of(choice.backend(), data.problem(), weights, data.values())) {
        for (int i = 0; i < targets.size(); i++) {
          data.write(i, measured.outputs().get(i), targets.get(i));
        }
        NetworkRun run = run(backends, choice, model, data, measured);
        PrintWriter out = output.text();
        RunText.print(run, out);
        if (TopCommand.of(command).verbose()) {
          out.printf("%nchanges before it was prepared%n");
          measured.passes().stream()
              .flatMap(pass -> pass.changes().stream().map(each -> pass.pass() + ": " + each))
              .forEach(change -> out.println("  " + change));
          out.printf("%nkernels of %s%n", run.choice().device());
          measured.explain().forEach(each -> out.println("  " + Errors.oneLine(each.toString())));
        }
        out.flush();
        output.json(run);
      }
    }
    return ExitStatus.OK;
  }

  private NetworkRun run(
      Backends backends,
      BackendOptionsMixin.Choice choice,
      Model model,
      RunData data,
      Measurement measured) {
    Timing timing = measured.steady(seconds);
    Optional<Profile> parts =
        profile ? Optional.of(measured.profile(seconds, backends)) : Optional.empty();
    Cost cost = Cost.of(data.problem());
    return new NetworkRun(
        model.name(),
        model.title(),
        model.weights(),
        data.inputs(),
        data.outputs(measured.outputs(), targets),
        CostEntry.of(cost),
        DeviceChoice.of(backends, choice),
        backendOptions.options().threads(),
        measured.passes().stream().map(Object::toString).toList(),
        measured.parts().size(),
        (int) measured.parts().stream().map(Part::onHost).filter(Optional::isPresent).count(),
        measured.prepareSeconds(),
        measured.firstRunSeconds(),
        measured.warm(),
        timing,
        cost.flops() / timing.medianSeconds() / 1e9,
        backends.predict(choice.backend(), data.problem()).seconds(),
        parts);
  }
}
