package org.sepconv.bench.scan;

import java.util.List;

/**
 * A convolution of a series on a device.
 *
 * @param series name of its {@link ShapeSeries}
 * @param parameter what differs in the series, and its {@code value} here
 * @param convolution in words
 * @param input N x C x H x W
 * @param device id
 * @param seconds of one run: the median
 * @param predictedSeconds by the cost model
 * @param gflops achieved
 * @param reasons why it is a cliff; empty where it is none
 */
public record ScanRow(
    String series,
    String parameter,
    int value,
    String convolution,
    String input,
    String device,
    double seconds,
    double predictedSeconds,
    double gflops,
    List<String> reasons) {

  public ScanRow {
    reasons = List.copyOf(reasons);
  }

  /** Whether it is much slower than it should be. */
  public boolean cliff() {
    return !reasons.isEmpty();
  }
}
