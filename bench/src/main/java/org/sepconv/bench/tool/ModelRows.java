package org.sepconv.bench.tool;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.bench.BenchModel;
import org.sepconv.bench.BenchReport;
import org.sepconv.bench.LayerRow;

/** The rows of {@link RealModels}: a model at a size, and what each implementation made of it. */
final class ModelRows {
  private static final String PEER = "onnxruntime";
  private static final String MISSING = "-";

  private final BenchReport report;
  private final List<String> implementations;

  /**
   * @param implementations the columns
   */
  ModelRows(BenchReport report, List<String> implementations) {
    this.report = report;
    this.implementations = implementations;
  }

  /** A table in Markdown. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("| model | MFLOP |");
    StringBuilder rule = new StringBuilder("\n|---|--:|");
    for (String name : implementations) {
      text.append(" %s, ms | spread | prepare, ms | first run, ms |".formatted(name));
      rule.append("--:|--:|--:|--:|");
      if (!name.equals(PEER)) {
        text.append(" times as fast | difference |");
        rule.append("--:|--:|");
      }
    }
    text.append(rule).append('\n');
    for (String model : models()) {
      text.append(row(model)).append('\n');
    }
    return text.toString();
  }

  private List<String> models() {
    List<String> names = new ArrayList<>();
    report.rows().forEach(row -> names.add(row.layer()));
    report.failures().forEach(failure -> names.add(failure.layer()));
    return names.stream().distinct().toList();
  }

  private String row(String model) {
    Optional<LayerRow> peer = find(model, PEER);
    StringBuilder text = new StringBuilder("| ").append(model).append(" | ");
    text.append(
            report.rows().stream()
                .filter(row -> row.layer().equals(model))
                .findFirst()
                .map(row -> number("%.0f", row.flops() / 1e6))
                .orElse(MISSING))
        .append(" |");
    for (String name : implementations) {
      text.append(cells(find(model, name), name.equals(PEER), peer));
    }
    return text.toString();
  }

  private Optional<LayerRow> find(String model, String implementation) {
    return report.rows().stream()
        .filter(row -> row.layer().equals(model) && row.implementation().equals(implementation))
        .findFirst();
  }

  private static String cells(Optional<LayerRow> row, boolean peer, Optional<LayerRow> other) {
    if (row.isEmpty()) {
      return " - |".repeat(peer ? 4 : 6);
    }
    LayerRow found = row.get();
    String cells =
        number(
            " %.3f | %.2f | %.0f | %.1f |",
            found.seconds() * 1e3,
            found.spread(),
            found.prepareSeconds() * 1e3,
            found.firstSeconds() * 1e3);
    return peer
        ? cells
        : cells
            + " %s | %s |"
                .formatted(
                    other
                        .map(each -> number("%.2f", each.seconds() / found.seconds()))
                        .orElse(MISSING),
                    number("%.1e", found.errorOverBound() * BenchModel.TOLERANCE));
  }

  private static String number(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
