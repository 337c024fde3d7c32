package org.sepconv.cli.cost;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cost.Cost;
import org.sepconv.graph.StandardGraph;

/**
 * What a network costs, layer by layer, as it is and with every separable layer replaced by its
 * standard equivalent. As JSON:
 *
 * @param input C x H x W with batch
 * @param kinds totals of the convolutions of one kind, the stages of separable ones taken apart;
 *     {@code squeeze-excite} are those of means of all pixels that scale channels, {@code
 *     classifier} those behind the last global average pool. Their bytes count every convolution on
 *     its own, so they exceed the total's, where separable layers are fused
 * @param constants values of the constants, which are not among the parameters
 * @param macsSaving {@code standard.macs / total.macs}
 * @param parametersSaving the same of the parameters without bias
 */
record NetworkCost(
    String network,
    String input,
    List<Row> layers,
    List<Kind> kinds,
    long constants,
    CostEntry total,
    CostEntry standard,
    double macsSaving,
    double parametersSaving) {

  /**
   * One layer.
   *
   * @param standard what the layer would cost as a standard convolution; the cost itself where it
   *     is not separable, and nothing where it would be a part of the one behind it
   * @param saving {@code standard.macs} through the MACs of the layer and of those that would be a
   *     part of it; 1 where it is not separable
   */
  record Row(
      String name,
      String operation,
      String output,
      CostEntry cost,
      CostEntry standard,
      double saving) {}

  /** All convolutions of one kind. */
  record Kind(String kind, int convolutions, CostEntry cost) {}

  /**
   * @param title of the network, for people
   */
  static NetworkCost of(String title, Graph network) {
    Map<String, Cost> standard = new HashMap<>();
    for (Graph.Step step : steps(StandardGraph.of(network))) {
      standard.put(step.node().name(), Cost.of(step.problem()));
    }
    List<Graph.Step> steps = steps(network);
    List<Row> rows = new ArrayList<>();
    Map<String, Long> gone = new HashMap<>();
    for (Graph.Step step : steps) {
      Problem problem = step.problem();
      String name = step.node().name();
      Cost cost = Cost.of(problem);
      long macs = cost.macs() + gone.getOrDefault(step.node().inputs().getFirst(), 0L);
      if (!standard.containsKey(name)) {
        gone.put(name, macs);
      }
      Cost replaced = standard.getOrDefault(name, Cost.ZERO);
      rows.add(
          new Row(
              name,
              OperationText.brief(problem.operation()),
              problem.destination().shape().toString(),
              CostEntry.of(cost),
              CostEntry.of(replaced),
              replaced.macs() == 0 ? 1 : (double) replaced.macs() / macs));
    }
    Cost total = Cost.of(network.problem());
    Cost standardTotal = standard.values().stream().reduce(Cost.ZERO, Cost::plus);
    return new NetworkCost(
        title,
        network.problem().source().shape().toString(),
        List.copyOf(rows),
        KindsOfConvolutions.of(network, steps),
        network.constants().stream().mapToLong(constant -> constant.shape().elements()).sum(),
        CostEntry.of(total),
        CostEntry.of(standardTotal),
        (double) standardTotal.macs() / total.macs(),
        (double) standardTotal.filterParameters() / total.filterParameters());
  }

  private static List<Graph.Step> steps(Graph graph) {
    return graph.steps(graph.problem());
  }

  /** Whether anything in it is separable. */
  private boolean separable() {
    return !total.equals(standard);
  }

  void print(PrintWriter out) {
    printLayers(out);
    out.println();
    printKinds(out);
  }

  private void printLayers(PrintWriter out) {
    TextTable table = new TextTable().left("layer").left("operation").right("output").right("MACs");
    if (separable()) {
      table.right("as standard").right("saving");
    }
    table.right("parameters").right("biases, norms").right("MB").right("FLOP/B");
    for (Row row : layers) {
      boolean replaced = row.standard().macs() > 0 && !row.standard().equals(row.cost());
      table.row(
          cells(
              List.of(
                  row.name(),
                  row.operation(),
                  row.output().substring(row.output().indexOf('x') + 1)),
              row.cost(),
              replaced ? Numbers.count(row.standard().macs()) : "",
              replaced ? Numbers.times(row.saving()) : ""));
    }
    table.total(
        cells(
            List.of("total", "", ""),
            total,
            Numbers.count(standard.macs()),
            Numbers.times(macsSaving)));
    table.print(out);
  }

  private String[] cells(List<String> first, CostEntry cost, String asStandard, String saving) {
    List<String> cells = new ArrayList<>(first);
    cells.add(Numbers.count(cost.macs()));
    if (separable()) {
      cells.add(asStandard);
      cells.add(saving);
    }
    cells.add(Numbers.count(cost.parameters()));
    cells.add(Numbers.count(cost.parametersWithBias() - cost.parameters()));
    cells.add(Numbers.fixed(cost.bytes() / 1e6, 2));
    cells.add(Numbers.fixed(cost.intensity(), 1));
    return cells.toArray(String[]::new);
  }

  private void printKinds(PrintWriter out) {
    TextTable table =
        new TextTable()
            .left("convolutions")
            .right("number")
            .right("MACs")
            .right("of all")
            .right("parameters")
            .right("of all")
            .right("with biases, norms");
    int number = 0;
    long norms = total.parametersWithBias();
    for (Kind kind : kinds) {
      number += kind.convolutions();
      norms -= kind.cost().parametersWithBias();
      table.row(
          kind.kind(),
          Numbers.count(kind.convolutions()),
          Numbers.count(kind.cost().macs()),
          Numbers.percent(kind.cost().macs(), total.macs()),
          Numbers.count(kind.cost().parameters()),
          Numbers.percent(kind.cost().parameters(), total.parameters()),
          Numbers.count(kind.cost().parametersWithBias()));
    }
    if (norms > 0) {
      table.row("batch norms apart", "", "", "", "", "", Numbers.count(norms));
    }
    String[] sum = {
      "total",
      Numbers.count(number),
      Numbers.count(total.macs()),
      "",
      Numbers.count(total.parameters()),
      "",
      Numbers.count(total.parametersWithBias())
    };
    if (!separable()) {
      table.total(sum);
    } else {
      table.row(sum);
      table.row(
          "separable as standard",
          "",
          Numbers.count(standard.macs()),
          "",
          Numbers.count(standard.parameters()),
          "",
          Numbers.count(standard.parametersWithBias()));
      table.total(
          "separable saves",
          "",
          Numbers.times(macsSaving),
          "",
          Numbers.times(parametersSaving),
          "",
          Numbers.times((double) standard.parametersWithBias() / total.parametersWithBias()));
    }
    table.print(out);
    if (constants > 0) {
      out.printf("%nbesides, constants of %s values%n", Numbers.count(constants));
    }
  }
}
