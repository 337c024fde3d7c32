package org.sepconv.bench;

import java.util.List;
import java.util.Optional;

/**
 * What was measured of a layer, or of a network, on an implementation.
 *
 * @param layer name of the layer that this is a variant of
 * @param convolution in words
 * @param input N x C x H x W
 * @param flops of one run, two for each multiply-add
 * @param bytes that a run has to move at least
 * @param peer whether the implementation is one that ours are compared with
 * @param kernel what ran
 * @param seconds of one run: the median of the forks
 * @param forkSeconds the median iteration of each fork
 * @param modes one, unless the runs fall into two groups of clearly different speed
 * @param prepareSeconds before the first run: reading a model, packing, compiling, loading
 * @param firstSeconds the first run of a JVM
 * @param bytesAllocated on the heap, in each run
 * @param errorOverBound the largest error over the bound of a correct float32 result; of a network,
 *     over 5e-4 of its largest output
 * @param gflops achieved
 * @param shareOfPeak of the multiply-add peak measured in the same run
 * @param shareOfLimit of {@code max(FLOPs / peak, bytes / bandwidth)}, both measured in the same
 *     run
 * @param predictedSeconds by the cost model; empty for engines that are no backends
 * @param speedupOverBestPeer how many times faster than the fastest peer; empty for peers, and
 *     where none was measured
 */
public record LayerRow(
    String layer,
    Variant variant,
    String convolution,
    String input,
    long flops,
    long bytes,
    String implementation,
    boolean peer,
    String kernel,
    double seconds,
    List<Double> forkSeconds,
    List<Double> modes,
    double prepareSeconds,
    double firstSeconds,
    double bytesAllocated,
    double errorOverBound,
    double gflops,
    double shareOfPeak,
    double shareOfLimit,
    Optional<Double> predictedSeconds,
    Optional<Double> speedupOverBestPeer) {

  public LayerRow {
    forkSeconds = List.copyOf(forkSeconds);
    modes = List.copyOf(modes);
  }

  /** The convolution without its bias, activation and padding. */
  public String summary() {
    return convolution
        .replaceAll(" padding \\S+| bias| relu6?", "")
        .replaceAll(
            "separable \\[depthwise (\\S+) \\d+->\\d+(.*) \\+ pointwise 1x1 (\\S+)]",
            "separable $1 $3$2");
  }

  /** The slowest fork over the fastest: identical JVMs can differ twofold. */
  public double spread() {
    double fastest = forkSeconds.stream().mapToDouble(Double::doubleValue).min().orElse(seconds);
    double slowest = forkSeconds.stream().mapToDouble(Double::doubleValue).max().orElse(seconds);
    return slowest / fastest;
  }

  /** Whether the runs fall into two groups of clearly different speed. */
  public boolean bimodal() {
    return modes.size() > 1;
  }

  LayerRow withSpeedupOver(double bestPeerSeconds) {
    return new LayerRow(
        layer,
        variant,
        convolution,
        input,
        flops,
        bytes,
        implementation,
        peer,
        kernel,
        seconds,
        forkSeconds,
        modes,
        prepareSeconds,
        firstSeconds,
        bytesAllocated,
        errorOverBound,
        gflops,
        shareOfPeak,
        shareOfLimit,
        predictedSeconds,
        Optional.of(bestPeerSeconds / seconds));
  }
}
