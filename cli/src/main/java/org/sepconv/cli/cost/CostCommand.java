package org.sepconv.cli.cost;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sepconv.cli.frame.ConvolutionOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.NetworkNames;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.graph.Networks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sepconv cost}: counts, without running anything. */
@Command(
    name = "cost",
    header = "What a convolution or a whole network costs, without running it.",
    description =
        "Counts MACs, parameters, bytes and arithmetic intensity, standard against separable, and"
            + " the saving.")
public final class CostCommand implements Callable<Integer> {
  private static final List<String> NETWORK_OPTIONS = List.of("--size", "--width");
  private static final List<String> SHARED_OPTIONS =
      List.of("--network", "--json", "--verbose", "--help", "--version");

  @Spec private CommandSpec command;
  @Mixin private ConvolutionOptionsMixin convolution;
  @Mixin private OutputMixin output;

  @Option(
      names = {"-n", "--network"},
      paramLabel = "NAME",
      completionCandidates = NetworkNames.class,
      description = "A whole network instead: ${COMPLETION-CANDIDATES}.")
  private Optional<String> network = Optional.empty();

  @Option(
      names = "--size",
      paramLabel = "PIXELS",
      defaultValue = "224",
      description = "Height and width of the network's input (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--width",
      paramLabel = "FACTOR",
      defaultValue = "1.0",
      description = "Multiplier of the network's channels (default: ${DEFAULT-VALUE}).")
  private double width;

  @Override
  public Integer call() throws IOException {
    refuseMixedOptions();
    PrintWriter out = output.text();
    if (network.isPresent()) {
      NetworkCost cost = NetworkCost.of(Networks.of(network.get(), size, width));
      out.printf("%s, width %s, input %s%n%n", cost.network(), width, cost.input());
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

  /** An option that would be ignored is a mistake. */
  private void refuseMixedOptions() {
    for (var option : command.commandLine().getParseResult().matchedOptions()) {
      String name = option.longestName();
      if (SHARED_OPTIONS.contains(name)) {
        continue;
      }
      boolean ofNetwork = NETWORK_OPTIONS.contains(name);
      if (network.isPresent() && !ofNetwork) {
        throw new ParameterException(
            command.commandLine(),
            name + " describes one convolution; leave it out with --network");
      }
      if (network.isEmpty() && ofNetwork) {
        throw new ParameterException(
            command.commandLine(), name + " belongs to --network, which is not given");
      }
    }
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
