package org.sepconv.cli.cost;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;
import org.sepconv.cost.Cost;
import org.sepconv.cost.Saving;

/**
 * What one convolution costs as a standard and as a separable one. As JSON:
 *
 * @param convolution description of the separable convolution
 * @param input N x C x H x W
 * @param output N x O x H x W
 * @param variants every convolution; {@code depthwise} and {@code pointwise} are the stages of
 *     {@code separable}
 * @param saving how many times less the separable one needs
 */
public record ConvolutionCost(
    String convolution, String input, String output, List<Row> variants, Times saving) {

  /** One convolution, or one stage of it. */
  public record Row(String name, String convolution, CostEntry cost) {}

  /** Standard over separable. */
  public record Times(double macs, double parameters, double parametersWithBias, double bytes) {}

  /** Of each variant, and of the stages of the last, the separable one. */
  public static ConvolutionCost of(List<ShapeCase> variants) {
    List<Row> rows = new ArrayList<>();
    for (ShapeCase variant : variants) {
      rows.add(row(variant.name(), variant.convolution(), variant.input()));
    }
    Shape input = variants.getLast().input();
    SeparableConv2d separable = (SeparableConv2d) variants.getLast().convolution();
    rows.add(row("depthwise", separable.depthwise(), input));
    rows.add(row("pointwise", separable.pointwise(), separable.depthwise().outputShape(input)));
    Saving saving = Saving.of(separable, input);
    return new ConvolutionCost(
        separable.toString(),
        input.toString(),
        separable.outputShape(input).toString(),
        List.copyOf(rows),
        new Times(
            saving.macs(),
            saving.parameters(),
            (double) saving.standard().parametersWithBias()
                / saving.separable().parametersWithBias(),
            saving.bytes()));
  }

  private static Row row(String name, Convolution convolution, Shape input) {
    return new Row(name, convolution.toString(), CostEntry.of(Cost.of(convolution, input)));
  }

  /** Prints it as a table. */
  public void print(PrintWriter out) {
    TextTable table =
        new TextTable()
            .left("convolution")
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
