package org.sepconv.cli.cost;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.sepconv.cli.frame.ConvolutionOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.NetworkOptionsMixin;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sepconv cost}: counts, without running anything. */
@Command(
    name = "cost",
    header = "What a convolution or a whole network costs, without running it.",
    description =
        "Counts MACs, parameters, bytes and arithmetic intensity, standard against separable, and"
            + " the saving.")
public final class CostCommand implements Callable<Integer> {
  @Spec private CommandSpec command;
  @Mixin private ConvolutionOptionsMixin convolution;
  @Mixin private OutputMixin output;

  @Option(
      names = {"-n", "--network"},
      paramLabel = "NETWORK",
      completionCandidates = NetworkNames.class,
      description =
          "A whole network instead: ${COMPLETION-CANDIDATES}; or a model in ONNX (.onnx).")
  private Optional<String> network = Optional.empty();

  @Mixin private NetworkOptionsMixin networkOptions;

  @Override
  public Integer call() throws IOException {
    OptionChecks.refuseMixed(command, network.isPresent(), Set.of());
    PrintWriter out = output.text();
    if (network.isPresent()) {
      Model model = networkOptions.model(network.get(), 1);
      NetworkCost cost = NetworkCost.of(model.name(), model.sized(1).graph());
      out.printf("%s, input %s%n%n", model.title(), cost.input());
      cost.print(out);
      explain(out);
      output.json(cost);
    } else {
      ConvolutionCost cost = ConvolutionCost.of(convolution.variants());
      out.printf("%s%n%n", convolution.describe());
      cost.print(out);
      explain(out);
      output.json(cost);
    }
    return ExitStatus.OK;
  }

  private static void explain(PrintWriter out) {
    out.println();
    out.println(
        "MACs count every tap, also those on padding; a MAC is two FLOPs. Bytes are float32:");
    out.println(
        "inputs, weights and outputs moved once, nothing between the stages of a separable one.");
    out.flush();
  }
}
