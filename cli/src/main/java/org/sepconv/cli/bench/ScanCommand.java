package org.sepconv.cli.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.sepconv.bench.scan.Cliffs;
import org.sepconv.bench.scan.ScanRow;
import org.sepconv.bench.scan.ShapeScan;
import org.sepconv.bench.scan.ShapeSeries;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OptionChecks;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Progress;
import org.sepconv.cli.text.TextTable;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv scan}: shapes that are far slower than they should be. */
@Command(
    name = "scan",
    header = "Find cliffs: shapes that are far slower than predicted, or than their neighbours.",
    description =
        "Measures series of shapes that differ in one number: channels, map, "
            + "kernel, dilation, multiplier. A shape is a cliff if it takes much longer "
            + "than the cost model says, or if its speed is far below that of both "
            + "neighbours. Calibrate first: without a calibration the predictions are "
            + "estimates, and say little.")
public final class ScanCommand implements Callable<Integer> {

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  @Option(
      names = "--series",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Only series whose name or parameter contains this (default: all).")
  private String wanted;

  @Option(
      names = "--time",
      paramLabel = "SECONDS",
      defaultValue = "0.3",
      description = "How long to measure each shape on each device (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--over",
      paramLabel = "FACTOR",
      defaultValue = "1.5",
      description =
          "Times the prediction from which on a shape is a cliff (default: ${DEFAULT-VALUE}).")
  private double over;

  @Option(
      names = "--below",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description =
          "Share of both neighbours' speed below which it is one (default: ${DEFAULT-VALUE}).")
  private double below;

  @Option(names = "--all", description = "Print every shape, not the cliffs only.")
  private boolean all;

  /**
   * The JSON document.
   *
   * @param cliffs how many of the rows are cliffs
   */
  record Document(int threads, long cliffs, List<ScanRow> rows) {}

  @Override
  public Integer call() throws IOException {
    OptionChecks.requireSeconds("--time", seconds);
    List<ShapeSeries> series = series();
    Cliffs cliffs = new Cliffs(over, below);
    List<ScanRow> rows = new ArrayList<>();
    PrintWriter out = output.text();
    try (Backends backends = backendOptions.discoverWarm()) {
      List<String> ids = backendOptions.requireDeviceIds(backends);
      for (String id : ids) {
        List<ScanRow> found = scan(backends, id, series, cliffs);
        print(id, backends.profile(backends.backend(id)).source(), found, out);
        rows.addAll(found);
      }
    }
    long count = rows.stream().filter(ScanRow::cliff).count();
    output.json(new Document(backendOptions.options().threads(), count, rows));
    return ExitStatus.OK;
  }

  private List<ShapeSeries> series() {
    List<ShapeSeries> series =
        ShapeSeries.all().stream()
            .filter(one -> (one.name() + ": " + one.parameter()).contains(wanted.strip()))
            .toList();
    if (series.isEmpty()) {
      throw new IllegalArgumentException(
          "--series '%s' is in none of: %s"
              .formatted(
                  wanted,
                  String.join(
                      "; ",
                      ShapeSeries.all().stream()
                          .map(one -> one.name() + ": " + one.parameter())
                          .toList())));
    }
    return series;
  }

  private List<ScanRow> scan(
      Backends backends, String id, List<ShapeSeries> series, Cliffs cliffs) {
    ConvBackend backend = backends.backend(id);
    Duration each = Duration.ofNanos(Math.round(seconds * 1e9));
    long shapes = series.stream().mapToLong(one -> one.points().size()).sum();
    try (Progress progress = Progress.start("scan " + id, each.toMillis() * shapes, " ms")) {
      return new ShapeScan(backend, backends.profile(backend), cliffs)
          .run(series, each, (done, what) -> progress.show(done / 1_000_000, what));
    }
  }

  private void print(String id, String profile, List<ScanRow> rows, PrintWriter out) {
    long count = rows.stream().filter(ScanRow::cliff).count();
    out.printf("%s: %d shapes, %s; predictions %s%n", id, rows.size(), cliffs(count), profile);
    TextTable table =
        new TextTable()
            .left("series")
            .left("parameter")
            .right("value")
            .right("ms")
            .right("predicted")
            .right("GFLOP/s")
            .left("cliff");
    boolean any = false;
    for (ScanRow row : rows) {
      if (all || row.cliff()) {
        any = true;
        table.row(
            row.series(),
            row.parameter(),
            "" + row.value(),
            Numbers.significant(row.seconds() * 1e3),
            Numbers.significant(row.predictedSeconds() * 1e3),
            Numbers.significant(row.gflops()),
            String.join("; ", row.reasons()));
      }
    }
    if (any) {
      out.println();
      table.print(out);
    }
    out.println();
    out.flush();
  }

  private static String cliffs(long count) {
    return switch ((int) count) {
      case 0 -> "no cliff";
      case 1 -> "1 cliff";
      default -> count + " cliffs";
    };
  }
}
