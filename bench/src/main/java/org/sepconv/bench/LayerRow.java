package org.sepconv.bench;

import java.util.List;

/**
 * What was measured of one layer on one backend.
 *
 * @param seconds median over all iterations of all forks
 * @param forkSeconds the median of each fork
 * @param gflops achieved
 * @param shareOfPeak of the multiply-add peak measured in the same run
 * @param shareOfLimit of {@code max(FLOPs / peak, bytes / bandwidth)}, both measured in the same
 *     run
 */
public record LayerRow(
    String layer,
    String convolution,
    String input,
    String backend,
    int threads,
    double seconds,
    List<Double> forkSeconds,
    double gflops,
    double shareOfPeak,
    double shareOfLimit) {

  /** The convolution without its bias, activation and padding. */
  public String summary() {
    return convolution
        .replaceAll(" padding \\S+| bias| relu6?", "")
        .replaceAll(
            "separable \\[depthwise (\\S+) \\d+->\\d+(.*) \\+ pointwise 1x1 (\\S+)]",
            "separable $1 $3$2");
  }

  public LayerRow {
    forkSeconds = List.copyOf(forkSeconds);
  }

  /** The slowest fork over the fastest: identical JVMs can differ twofold. */
  public double spread() {
    double fastest = forkSeconds.stream().mapToDouble(Double::doubleValue).min().orElse(seconds);
    double slowest = forkSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(seconds);
    return slowest / fastest;
  }
}
