package org.sepconv.cli.show;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Printable;
import org.sepconv.cli.text.TextTable;
import org.sepconv.spi.MemoryPlan;

/** A {@link Shown} network for a person to read. Names that a file gave are made printable. */
final class ShowText {
  private final Shown shown;
  private final PrintWriter out;

  private ShowText(Shown shown, PrintWriter out) {
    this.shown = shown;
    this.out = out;
  }

  static void print(Shown shown, PrintWriter out) {
    ShowText text = new ShowText(shown, out);
    text.printBefore();
    text.printPasses();
    text.printAfter();
    shown.run().ifPresent(text::printRun);
    out.flush();
  }

  private void printBefore() {
    out.printf("%s, weights %s%n", Printable.of(shown.title()), shown.weights());
    for (ShownGraph.Value input : shown.before().inputs()) {
      out.printf("  in   %s %s%n", Printable.of(input.name()), input.shape());
    }
    for (String name : shown.before().outputs()) {
      String shape =
          shown.before().nodes().stream()
              .filter(node -> node.name().equals(name))
              .map(ShownGraph.Node::output)
              .findFirst()
              .orElseThrow();
      out.printf("  out  %s %s%n", Printable.of(name), shape);
    }
    out.println();
    printGraph(shown.before());
    out.println();
  }

  private void printGraph(ShownGraph graph) {
    TextTable table =
        new TextTable()
            .left("node")
            .left("operation")
            .left("inputs")
            .left("output")
            .right("MACs")
            .right("parameters");
    for (ShownGraph.Node node : graph.nodes()) {
      table.row(
          Printable.of(node.name()),
          node.brief(),
          Printable.of(String.join(", ", node.inputs())),
          node.output(),
          Numbers.count(node.cost().macs()),
          Numbers.count(node.cost().parametersWithBias()));
    }
    table.total(
        graph.nodes().size() + " nodes",
        "",
        "",
        "",
        Numbers.count(graph.total().macs()),
        Numbers.count(graph.total().parametersWithBias()));
    table.print(out);
  }

  private void printPasses() {
    shown.choice().print(out);
    if (shown.passes().isEmpty()) {
      out.printf("%s runs it as it is.%n", shown.choice().device());
    }
    for (Shown.Pass pass : shown.passes()) {
      out.printf("%s: %d -> %d nodes%n", pass.pass(), pass.nodesBefore(), pass.nodesAfter());
      pass.changes().forEach(change -> out.println("  " + Printable.of(change)));
    }
    out.println();
  }

  private void printAfter() {
    if (!shown.passes().isEmpty()) {
      printGraph(shown.after());
    }
  }

  private void printRun(Shown.Run run) {
    out.println();
    run.profile().printParts(out);
    out.println();
    run.profile().printLimit(run.timing().medianSeconds(), shown.choice().device(), out);
    if (!run.warm()) {
      out.println(
          "It was still becoming faster: the JVM's compiler needs more --time, or an idle machine.");
    }
    run.profile().printOnHost(out);
    MemoryPlan memory = run.memory();
    if (memory.bytes() > 0) {
      int fullest =
          IntStream.range(0, memory.steps().size())
              .boxed()
              .max(Comparator.comparingLong(memory::bytesAt))
              .orElseThrow();
      out.printf(
          "Between the nodes lie %s bytes; most are in use at %s, %s.%n",
          Numbers.count(memory.bytes()),
          Printable.of(memory.steps().get(fullest)),
          Numbers.count(memory.bytesAt(fullest)));
    }
  }
}
