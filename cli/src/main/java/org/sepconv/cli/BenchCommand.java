package org.sepconv.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.sepconv.bench.LayerBench;
import org.sepconv.bench.LayerRow;
import org.sepconv.select.Backends;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv bench}: layers against the limits of the machine, with JMH. */
@Command(
    name = "bench",
    header = "Measure layers with JMH, against the machine's own limits.",
    description = {
      "Runs each layer in several JVMs, after its output was compared with the reference. The",
      "multiply-add peak and the read bandwidth of the machine are measured in the same run; the",
      "limit of a layer is the longer of computing at the peak and of moving its bytes once."
    })
final class BenchCommand implements Callable<Integer> {

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  @Option(
      names = "--shapes",
      paramLabel = "NAME",
      defaultValue = "mobilenet_v1",
      description = "A shape file of the conformance suite (default: ${DEFAULT-VALUE}).")
  private String shapes;

  @Option(
      names = "--layer",
      paramLabel = "NAME",
      split = ",",
      description = "Only these layers of it (default: all).")
  private List<String> layers = List.of();

  @Option(
      names = "--forks",
      paramLabel = "N",
      defaultValue = "3",
      description = "JVMs for each row (default: ${DEFAULT-VALUE}).")
  private int forks;

  @Override
  public Integer call() throws IOException {
    if (forks < 1) {
      throw new IllegalArgumentException("--forks is " + forks + ", but must be at least 1");
    }
    List<String> devices;
    try (Backends backends = backendOptions.discover()) {
      devices = backendOptions.deviceIds(backends);
    }
    int threads = backendOptions.options().threads();
    LayerBench.Plan plan = new LayerBench.Plan(shapes, layers, devices, threads, forks);
    LayerBench.Report report;
    try (BenchProgress progress = new BenchProgress()) {
      report = LayerBench.run(plan, progress);
    }
    print(report, output.text());
    output.json(report);
    return ExitStatus.OK;
  }

  private static void print(LayerBench.Report report, PrintWriter out) {
    out.println(report.environment());
    out.printf(
        "%d thread(s), %d forks; multiply-add peak %s GFLOP/s, read bandwidth %s GB/s%n%n",
        report.plan().threads(),
        report.plan().forks(),
        Numbers.significant(report.peakFlops() / 1e9),
        Numbers.significant(report.bandwidth() / 1e9));
    TextTable table =
        new TextTable()
            .left("layer")
            .left("convolution")
            .left("input")
            .left("backend")
            .right("ms")
            .right("forks")
            .right("GFLOP/s")
            .right("of peak")
            .right("of limit");
    for (LayerRow row : report.rows()) {
      table.row(
          row.layer(),
          row.summary(),
          row.input(),
          row.backend(),
          Numbers.significant(row.seconds() * 1e3),
          Numbers.times(row.spread()),
          Numbers.fixed(row.gflops(), 1),
          Numbers.percent(row.shareOfPeak(), 1),
          Numbers.percent(row.shareOfLimit(), 1));
    }
    table.print(out);
    out.println();
    out.println("ms: median of all iterations; forks: the slowest JVM over the fastest.");
    out.flush();
  }

  /** A bar whose length is known with the first call. */
  private static final class BenchProgress implements LayerBench.Listener, AutoCloseable {
    private Progress bar = new Progress.Silent();

    @Override
    public void starting(int done, int total, String what) {
      if (done == 0) {
        bar = Progress.start("measuring", total, " rows");
      }
      bar.show(done, what);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
