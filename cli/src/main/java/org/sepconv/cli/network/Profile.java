package org.sepconv.cli.network;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.cli.text.Numbers;
import org.sepconv.cli.text.Printable;
import org.sepconv.cli.text.TextTable;

/**
 * Where the time of a run goes. As JSON:
 *
 * @param parts every operation as it runs
 * @param sumSeconds of them
 * @param runSeconds median of a whole run with its parts timed
 */
public record Profile(List<Entry> parts, double sumSeconds, double runSeconds) {

  /**
   * One operation of a run.
   *
   * @param name of the node; behind a dot, of a stage within it; empty if it runs as one
   * @param kernel what runs
   * @param onHost why it runs on the host; null if it does not
   * @param seconds the median
   * @param gflops FLOPs over that; 0 for an operation without
   * @param limitShare {@code limitSeconds} as a share of this time
   * @param limitSeconds what the device would need at its peak, or to move the bytes, whichever is
   *     longer
   * @param predictedSeconds what the cost model says
   * @param bytes inputs, weights and outputs, each moved once
   */
  public record Entry(
      String name,
      String operation,
      String kernel,
      Optional<String> onHost,
      double seconds,
      double gflops,
      double limitShare,
      double limitSeconds,
      double predictedSeconds,
      long flops,
      long bytes) {}

  /** Operations that run on the host for one reason. */
  private record OnHost(String reason, List<String> names) {}

  public Profile {
    parts = List.copyOf(parts);
  }

  /** Prints each part, and the sum. */
  public void printParts(PrintWriter out) {
    TextTable table =
        new TextTable()
            .left("node")
            .left("kernel")
            .right("ms")
            .right("share")
            .right("GFLOP/s")
            .right("of limit")
            .right("predicted ms")
            .right("MB");
    double flops = 0;
    double bytes = 0;
    double limit = 0;
    double predicted = 0;
    for (Entry part : parts) {
      flops += part.flops();
      bytes += part.bytes();
      limit += part.limitSeconds();
      predicted += part.predictedSeconds();
      table.row(
          Printable.of(part.name()),
          part.kernel(),
          Numbers.fixed(part.seconds() * 1e3, 3),
          Numbers.percent(part.seconds(), sumSeconds),
          part.flops() == 0 ? "-" : Numbers.fixed(part.gflops(), 1),
          Numbers.percent(part.limitShare(), 1),
          Numbers.fixed(part.predictedSeconds() * 1e3, 3),
          Numbers.fixed(part.bytes() / 1e6, 2));
    }
    table.total(
        "sum",
        "",
        Numbers.fixed(sumSeconds * 1e3, 3),
        "",
        Numbers.fixed(flops / sumSeconds / 1e9, 1),
        Numbers.percent(limit, sumSeconds),
        Numbers.fixed(predicted * 1e3, 3),
        Numbers.fixed(bytes / 1e6, 2));
    table.print(out);
  }

  /**
   * Prints what the times are compared with.
   *
   * @param untimedSeconds the median of runs whose parts are not timed
   * @param device that the limits are those of
   */
  public void printLimit(double untimedSeconds, String device, PrintWriter out) {
    out.printf(
        "A run takes %s ms with its parts timed, %s ms without. The limit is the peak or the bandwidth of %s,%n",
        Numbers.significant(runSeconds * 1e3), Numbers.significant(untimedSeconds * 1e3), device);
    out.println("whichever takes longer; MB are inputs, weights and outputs, each moved once.");
  }

  /** Prints what runs on the host, and why. */
  public void printOnHost(PrintWriter out) {
    for (OnHost host : onHost()) {
      String names = Printable.of(String.join(", ", host.names()));
      out.printf("On the host: %s: %s%n", names, host.reason());
    }
  }

  /** The reasons, each with the names of those operations, in the order of the parts. */
  private List<OnHost> onHost() {
    List<OnHost> all = new ArrayList<>();
    for (Entry part : parts) {
      part.onHost()
          .ifPresent(
              reason -> {
                Optional<OnHost> known =
                    all.stream().filter(each -> each.reason.equals(reason)).findFirst();
                known.ifPresentOrElse(
                    each -> each.names.add(part.name()),
                    () -> all.add(new OnHost(reason, new ArrayList<>(List.of(part.name())))));
              });
    }
    return all;
  }
}
