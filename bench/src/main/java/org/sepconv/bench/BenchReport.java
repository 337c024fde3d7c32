package org.sepconv.bench;

import java.util.List;
import org.sepconv.bench.scan.ScanRow;

/**
 * What was found.
 *
 * @param threads that a run could use
 * @param forks JVMs for each row
 * @param peakFlops float32 FLOP/s of these threads together
 * @param bandwidth bytes/s read by these threads together
 * @param devices the processor as measured first, then each backend's as its own profile has it
 * @param scan series of shapes on each device, where they were asked for
 * @param failures rows that there are none of, and why
 */
public record BenchReport(
    Environment environment,
    int threads,
    int forks,
    double peakFlops,
    double bandwidth,
    List<Device> devices,
    List<LayerRow> rows,
    List<ScanRow> scan,
    List<Failure> failures) {

  /**
   * The limits of a device, which rows are compared with.
   *
   * @param name with where the numbers come from
   * @param peakFlops float32 FLOP/s
   * @param bandwidth bytes/s
   * @param implementations that these limits are those of
   */
  public record Device(
      String name, double peakFlops, double bandwidth, List<String> implementations) {
    public Device {
      implementations = List.copyOf(implementations);
    }
  }

  /**
   * A row that could not be measured.
   *
   * @param peer whether the implementation is one that ours are compared with
   */
  public record Failure(String layer, String implementation, boolean peer, String reason) {}

  /** The same with the rows of a scan. */
  public BenchReport withScan(List<ScanRow> found) {
    return new BenchReport(
        environment, threads, forks, peakFlops, bandwidth, devices, rows, found, failures);
  }

  public BenchReport {
    devices = List.copyOf(devices);
    rows = List.copyOf(rows);
    scan = List.copyOf(scan);
    failures = List.copyOf(failures);
  }
}
