package org.sepconv.cli.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sepconv.bench.BenchReport;
import org.sepconv.bench.LayerRow;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.TextTable;

/** What {@code sepconv bench} prints. */
final class BenchText {
  private static final int LONGEST_KERNEL = 100;

  private BenchText() {}

  static void print(BenchReport report, PrintWriter out) {
    out.println(report.environment());
    out.printf(
        "%d thread(s), %d fork(s); multiply-add peak %s GFLOP/s, read bandwidth %s GB/s%n%n",
        report.threads(),
        report.forks(),
        Numbers.significant(report.peakFlops() / 1e9),
        Numbers.significant(report.bandwidth() / 1e9));
    if (!report.rows().isEmpty()) {
      speed(report).print(out);
      out.println();
      before(report).print(out);
      out.println();
    }
    legend(report, out);
    for (BenchReport.Failure failure : report.failures()) {
      out.printf(
          "not measured: %s on %s: %s%n",
          failure.layer(), failure.implementation(), Errors.oneLine(failure.reason()));
    }
    out.flush();
  }

  private static TextTable speed(BenchReport report) {
    boolean peers = report.rows().stream().anyMatch(LayerRow::peer);
    TextTable table =
        new TextTable()
            .left("layer")
            .left("convolution")
            .left("input")
            .left("on")
            .right("ms")
            .right("forks")
            .right("GFLOP/s")
            .right("of peak")
            .right("of limit");
    if (peers) {
      table.right("vs peers");
    }
    for (LayerRow row : report.rows()) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  row.layer(),
                  row.summary(),
                  row.input(),
                  row.implementation(),
                  Numbers.significant(row.seconds() * 1e3),
                  Numbers.times(row.spread()) + (row.bimodal() ? " bimodal" : ""),
                  Numbers.fixed(row.gflops(), 1),
                  Numbers.percent(row.shareOfPeak(), 1),
                  Numbers.percent(row.shareOfLimit(), 1)));
      if (peers) {
        cells.add(row.speedupOverBestPeer().map(Numbers::times).orElse(""));
      }
      table.row(cells.toArray(String[]::new));
    }
    return table;
  }

  private static TextTable before(BenchReport report) {
    TextTable table =
        new TextTable()
            .left("layer")
            .left("on")
            .right("prepare ms")
            .right("first run ms")
            .right("bytes/run")
            .right("error/bound")
            .left("kernel");
    for (LayerRow row : report.rows()) {
      table.row(
          row.layer() + "/" + row.variant(),
          row.implementation(),
          Numbers.significant(row.prepareSeconds() * 1e3),
          Numbers.significant(row.firstSeconds() * 1e3),
          Numbers.fixed(row.bytesAllocated(), 0),
          Numbers.significant(row.errorOverBound()),
          shortened(row.kernel()));
    }
    return table;
  }

  /** A network has more kernels than fit a line; all of them are in the JSON. */
  private static String shortened(String kernel) {
    return kernel.length() <= LONGEST_KERNEL
        ? kernel
        : kernel.substring(0, LONGEST_KERNEL - 3) + "...";
  }

  private static void legend(BenchReport report, PrintWriter out) {
    out.println(
        "ms: the median JVM, warm; forks: the slowest JVM over the fastest, bimodal where the runs"
            + " fall into two groups;");
    out.println(
        "vs peers: the fastest peer's time over this one's; prepare, first run: cold, in a new JVM;"
            + " bytes/run: on the heap.");
    for (LayerRow row : report.rows()) {
      if (row.bimodal()) {
        out.printf(
            Locale.ROOT,
            "bimodal: %s on %s ran in %s or in %s ms%n",
            row.layer(),
            row.implementation(),
            Numbers.significant(row.modes().getFirst() * 1e3),
            Numbers.significant(row.modes().getLast() * 1e3));
      }
      if (row.errorOverBound() > 1) {
        out.printf(
            Locale.ROOT,
            "less exact: %s on %s is beyond the bound of a correct float32 result, %s times%n",
            row.layer(),
            row.implementation(),
            Numbers.significant(row.errorOverBound()));
      }
    }
  }

  /** {@code 3 min left, } as a prefix. */
  static String left(Duration remaining) {
    long seconds = remaining.toSeconds();
    return seconds < 90 ? seconds + " s left, " : (seconds + 30) / 60 + " min left, ";
  }
}
