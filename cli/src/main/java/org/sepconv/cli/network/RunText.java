package org.sepconv.cli.network;

import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import org.sepconv.cli.network.NetworkRun.Value;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Timing;

/** A {@link NetworkRun} for a person to read. */
final class RunText {
  private final NetworkRun run;
  private final PrintWriter out;

  private RunText(NetworkRun run, PrintWriter out) {
    this.run = run;
    this.out = out;
  }

  static void print(NetworkRun run, PrintWriter out) {
    RunText text = new RunText(run, out);
    text.printNetwork();
    run.choice().print(out);
    text.printTimes();
    text.printOutputs();
    run.profile().ifPresent(text::printProfile);
    out.flush();
  }

  private void printNetwork() {
    out.printf(
        "%s: %s MACs, %s parameters, %s with biases%n",
        run.title(),
        Numbers.count(run.cost().macs()),
        Numbers.count(run.cost().parameters()),
        Numbers.count(run.cost().parametersWithBias()));
    run.inputs()
        .forEach(
            input -> out.printf("  in   %s %s, %s%n", input.name(), input.shape(), input.from()));
    run.outputs()
        .forEach(
            output ->
                out.printf(
                    "  out  %s %s%s%n",
                    output.name(),
                    output.shape(),
                    output.file().map(file -> ", written to " + file).orElse("")));
    out.printf("  weights %s%n%n", run.weights());
  }

  private void printTimes() {
    Timing timing = run.timing();
    out.printf("prepared   %s ms%n", milliseconds(run.prepareSeconds()));
    out.printf("first run  %s ms%n", milliseconds(run.firstRunSeconds()));
    out.printf(
        "later      %s ms, the median of %d samples (p10 %s, p90 %s): %s GFLOP/s, %d %s%n",
        milliseconds(timing.medianSeconds()),
        timing.samples(),
        milliseconds(timing.p10Seconds()),
        milliseconds(timing.p90Seconds()),
        Numbers.significant(run.gflops()),
        run.threads(),
        run.threads() == 1 ? "thread" : "threads");
    if (!run.warm()) {
      out.println(
          "           It was still becoming faster: the JVM's compiler needs more --time, or an idle"
              + " machine.");
    }
    out.printf("predicted  %s ms%n", milliseconds(run.predictedSeconds()));
    if (run.operationsOnHost() > 0) {
      out.printf(
          "%d of %d operations run on the host%s%n",
          run.operationsOnHost(),
          run.operations(),
          run.profile().isPresent() ? "" : "; --profile says which, why, and what they take");
    }
    out.println();
  }

  private static String milliseconds(double seconds) {
    return Numbers.significant(seconds * 1e3);
  }

  private void printOutputs() {
    boolean several = run.inputs().stream().anyMatch(input -> !input.shape().startsWith("1x"));
    for (NetworkRun.Output output : run.outputs()) {
      out.printf(
          "largest of %s%s: %s%n",
          output.name(),
          several ? ", first image" : "",
          output.largest().stream()
              .map(value -> place(output.shape(), value) + Numbers.significant(value.value()))
              .collect(Collectors.joining(", ")));
    }
  }

  /**
   * {@code [5, 0, 7]}, or {@code [5]} where every dimension behind is of size 1.
   *
   * @param shape of the output
   */
  private static String place(String shape, Value value) {
    List<Integer> place = value.place();
    return (shape.matches("[0-9]+x[0-9]+(x1)*") ? place.subList(0, 1) : place) + " ";
  }

  private void printProfile(Profile profile) {
    out.println();
    profile.printParts(out);
    out.println();
    profile.printLimit(run.timing().medianSeconds(), run.choice().device(), out);
    run.passes().forEach(pass -> out.println("Before it was prepared: " + pass));
    profile.printOnHost(out);
  }
}
