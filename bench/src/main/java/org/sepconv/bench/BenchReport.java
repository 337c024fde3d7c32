package org.sepconv.bench;

import java.util.List;

/**
 * What was found.
 *
 * @param threads that a run could use
 * @param forks JVMs for each row
 * @param peakFlops float32 FLOP/s of these threads together
 * @param bandwidth bytes/s read by these threads together
 * @param failures rows that there are none of, and why
 */
public record BenchReport(
    Environment environment,
    int threads,
    int forks,
    double peakFlops,
    double bandwidth,
    List<LayerRow> rows,
    List<Failure> failures) {

  /**
   * A row that could not be measured.
   *
   * @param peer whether the implementation is one that ours are compared with
   */
  public record Failure(String layer, String implementation, boolean peer, String reason) {}

  public BenchReport {
    rows = List.copyOf(rows);
    failures = List.copyOf(failures);
  }
}
