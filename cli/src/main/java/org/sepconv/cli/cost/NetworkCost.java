package org.sepconv.cli.cost;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cost.Cost;

/**
 * What a network costs, layer by layer, as it is and with every separable layer replaced by its
 * standard equivalent. As JSON:
 *
 * @param input C x H x W with batch
 * @param kinds totals of the convolutions of one kind, the stages of separable ones taken apart;
 *     {@code classifier} is the one behind the global average pool. Their bytes count every
 *     convolution on its own, so they exceed the total's, where separable layers are fused
 * @param macsSaving {@code standard.macs / total.macs}
 * @param parametersSaving the same of the parameters without bias
 */
record NetworkCost(
    String network,
    String input,
    List<Row> layers,
    List<Kind> kinds,
    CostEntry total,
    CostEntry standard,
    double macsSaving,
    double parametersSaving) {

  /**
   * One layer.
   *
   * @param standard what the layer would cost as a standard convolution; the cost itself where it
   *     is not separable
   * @param saving {@code standard.macs / cost.macs}; 1 where it is not separable
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

  static NetworkCost of(Graph network) {
    Problem whole = network.problem();
    List<Graph.Step> steps = network.steps(whole);
    List<Row> rows = new ArrayList<>();
    Cost standardTotal = Cost.ZERO;
    for (Graph.Step step : steps) {
      Problem problem = step.problem();
      Cost cost = Cost.of(problem);
      Cost standard = standard(problem);
      standardTotal = standardTotal.plus(standard);
      rows.add(
          new Row(
              step.node().name(),
              describe(problem.operation()),
              problem.destination().shape().toString(),
              CostEntry.of(cost),
              CostEntry.of(standard),
              cost.macs() == 0 ? 1 : (double) standard.macs() / cost.macs()));
    }
    Cost total = Cost.of(whole);
    return new NetworkCost(
        network.name(),
        whole.source().shape().toString(),
        List.copyOf(rows),
        kinds(steps),
        CostEntry.of(total),
        CostEntry.of(standardTotal),
        (double) standardTotal.macs() / total.macs(),
        (double) standardTotal.filterParameters() / total.filterParameters());
  }

  private static Cost standard(Problem problem) {
    return problem.operation() instanceof SeparableConv2d separable
        ? Cost.of(Problem.of(separable.equivalentStandard(), problem.source()))
        : Cost.of(problem);
  }

  private static String describe(Operation operation) {
    return switch (operation) {
      case SeparableConv2d separable -> "separable " + window(separable.depthwise());
      case Conv2d conv -> conv.kind().name().toLowerCase(Locale.ROOT) + " " + window(conv);
      case BatchNormalization _,
          Elementwise _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          Softmax _ ->
          operation.toString();
    };
  }

  /** Kernel and, after a slash, stride: {@code 3x3/2}. */
  private static String window(Conv2d conv) {
    String kernel = conv.kernelH() + "x" + conv.kernelW();
    return conv.strideH() == 1 ? kernel : kernel + "/" + conv.strideH();
  }

  private static List<Kind> kinds(List<Graph.Step> steps) {
    Map<String, Operation> operations = new LinkedHashMap<>();
    steps.forEach(step -> operations.put(step.node().name(), step.node().operation()));
    Map<String, Kind> kinds = new LinkedHashMap<>();
    Map<String, Cost> sums = new LinkedHashMap<>();
    for (String kind : List.of("pointwise", "depthwise", "standard", "grouped", "classifier")) {
      sums.put(kind, Cost.ZERO);
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (Graph.Step step : steps) {
      if (!(step.node().operation() instanceof Convolution convolution)) {
        continue;
      }
      String before = step.node().inputs().getFirst();
      boolean classifier = operations.get(before) instanceof Reduce;
      TensorSpec source = step.problem().source();
      for (Conv2d conv : stages(convolution)) {
        String kind = classifier ? "classifier" : kindOf(conv, convolution);
        Problem stage = Problem.of(conv, source);
        sums.merge(kind, Cost.of(stage), Cost::plus);
        counts.merge(kind, 1, Integer::sum);
        source = stage.destination();
      }
    }
    counts.keySet().retainAll(sums.keySet());
    sums.forEach(
        (kind, cost) -> {
          if (counts.containsKey(kind)) {
            kinds.put(kind, new Kind(kind, counts.get(kind), CostEntry.of(cost)));
          }
        });
    return List.copyOf(kinds.values());
  }

  private static List<Conv2d> stages(Convolution convolution) {
    return switch (convolution) {
      case Conv2d conv -> List.of(conv);
      case SeparableConv2d separable -> List.of(separable.depthwise(), separable.pointwise());
    };
  }

  /** A depthwise stage of one channel has one group, so its own kind does not say depthwise. */
  private static String kindOf(Conv2d conv, Convolution whole) {
    KernelKind kind =
        whole instanceof SeparableConv2d separable && conv == separable.depthwise()
            ? KernelKind.DEPTHWISE
            : conv.kind();
    return kind.name().toLowerCase(Locale.ROOT);
  }

  void print(PrintWriter out) {
    printLayers(out);
    out.println();
    printKinds(out);
  }

  private void printLayers(PrintWriter out) {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("operation")
            .right("output")
            .right("MACs")
            .right("as standard")
            .right("saving")
            .right("parameters")
            .right("biases")
            .right("MB")
            .right("FLOP/B");
    for (Row row : layers) {
      boolean separable = row.operation().startsWith("separable");
      CostEntry cost = row.cost();
      table.row(
          row.name(),
          row.operation(),
          row.output().substring(row.output().indexOf('x') + 1),
          Numbers.count(cost.macs()),
          separable ? Numbers.count(row.standard().macs()) : "",
          separable ? Numbers.times(row.saving()) : "",
          Numbers.count(cost.parameters()),
          Numbers.count(cost.parametersWithBias() - cost.parameters()),
          Numbers.fixed(cost.bytes() / 1e6, 2),
          Numbers.fixed(cost.intensity(), 1));
    }
    table.total(
        "total",
        "",
        "",
        Numbers.count(total.macs()),
        Numbers.count(standard.macs()),
        Numbers.times(macsSaving),
        Numbers.count(total.parameters()),
        Numbers.count(total.parametersWithBias() - total.parameters()),
        Numbers.fixed(total.bytes() / 1e6, 2),
        Numbers.fixed(total.intensity(), 1));
    table.print(out);
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
            .right("with bias");
    int number = 0;
    for (Kind kind : kinds) {
      number += kind.convolutions();
      table.row(
          kind.kind(),
          Numbers.count(kind.convolutions()),
          Numbers.count(kind.cost().macs()),
          Numbers.percent(kind.cost().macs(), total.macs()),
          Numbers.count(kind.cost().parameters()),
          Numbers.percent(kind.cost().parameters(), total.parameters()),
          Numbers.count(kind.cost().parametersWithBias()));
    }
    table.row(
        "total",
        Numbers.count(number),
        Numbers.count(total.macs()),
        "",
        Numbers.count(total.parameters()),
        "",
        Numbers.count(total.parametersWithBias()));
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
    table.print(out);
  }
}
