package org.sepconv.cli.cost;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cost.Cost;
import org.sepconv.cost.Saving;

/**
 * What one convolution, or one network, costs as a standard and as a separable one. As JSON:
 *
 * @param convolution description of the separable convolution, or the network
 * @param input N x C x H x W
 * @param output N x O x H x W
 * @param variants every convolution; {@code depthwise} and {@code pointwise} are the stages of
 *     {@code separable}; of a network both without stages
 * @param saving how many times less the separable one needs
 */
public record ConvolutionCost(
    String convolution, String input, String output, List<Row> variants, Times saving) {

  /** One convolution, or one stage of it. */
  public record Row(String name, String convolution, CostEntry cost) {}

  /** Standard over separable. */
  public record Times(double macs, double parameters, double parametersWithBias, double bytes) {
    private static Times of(Saving saving) {
      return new Times(
          saving.macs(),
          saving.parameters(),
          (double) saving.standard().parametersWithBias() / saving.separable().parametersWithBias(),
          saving.bytes());
    }
  }

  /** Of each variant, and of the stages of the last, the separable one. */
  public static ConvolutionCost of(List<ShapeCase> variants) {
    List<Row> rows = new ArrayList<>();
    for (ShapeCase variant : variants) {
      rows.add(row(variant.name(), variant.problem(Layout.NCHW)));
    }
    Problem last = variants.getLast().problem(Layout.NCHW);
    SeparableConv2d separable = (SeparableConv2d) last.operation();
    Problem depthwise = Problem.of(separable.depthwise(), last.source());
    rows.add(row("depthwise", depthwise));
    rows.add(row("pointwise", Problem.of(separable.pointwise(), depthwise.destination())));
    Saving saving = Saving.of(separable, last.source().shape());
    return new ConvolutionCost(
        separable.toString(),
        last.source().shape().toString(),
        last.destination().shape().toString(),
        List.copyOf(rows),
        Times.of(saving));
  }

  /** Of a network as a standard one, and as it is. */
  public static ConvolutionCost ofNetworks(Problem standard, Problem separable) {
    Saving saving = new Saving(Cost.of(separable), Cost.of(standard));
    return new ConvolutionCost(
        separable.operation().toString(),
        separable.source().shape().toString(),
        separable.destination().shape().toString(),
        List.of(row("standard", standard), row("separable", separable)),
        Times.of(saving));
  }

  private static Row row(String name, Problem problem) {
    return new Row(name, problem.operation().toString(), CostEntry.of(Cost.of(problem)));
  }

  /** Prints it as a table of convolutions. */
  public void print(PrintWriter out) {
    print("convolution", out);
  }

  /**
   * Prints it as a table.
   *
   * @param kind what the rows are
   */
  public void print(String kind, PrintWriter out) {
    TextTable table =
        new TextTable()
            .left(kind)
            .right("MACs")
            .right("parameters")
            .right("with bias")
            .right("bytes")
            .right("FLOP/byte");
    for (Row row : variants) {
      boolean stage = row.name().equals("depthwise") || row.name().equals("pointwise");
      CostEntry cost = row.cost();
      table.row(
          (stage ? "  " : "") + row.name(),
          Numbers.count(cost.macs()),
          Numbers.count(cost.parameters()),
          Numbers.count(cost.parametersWithBias()),
          Numbers.count(cost.bytes()),
          Numbers.fixed(cost.intensity(), 1));
    }
    table.total(
        "separable saves",
        Numbers.times(saving.macs()),
        Numbers.times(saving.parameters()),
        Numbers.times(saving.parametersWithBias()),
        Numbers.times(saving.bytes()),
        "");
    table.print(out);
  }
}
