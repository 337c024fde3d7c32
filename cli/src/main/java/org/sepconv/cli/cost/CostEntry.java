package org.sepconv.cli.cost;

import org.sepconv.cost.Cost;

/**
 * A {@link Cost} as JSON.
 *
 * @param macs multiply-accumulate operations, every tap counted
 * @param parameters values of the filters
 * @param parametersWithBias values of filters and biases, and gamma and beta of batch norms that
 *     are not folded
 * @param bytes float32 bytes of inputs, weights and outputs, each moved once
 * @param intensity FLOPs (two for each MAC, one for each addition of a residual) for each byte
 */
public record CostEntry(
    long macs, long parameters, long parametersWithBias, long bytes, double intensity) {

  public static CostEntry of(Cost cost) {
    double intensity = cost.bytes() == 0 ? 0 : cost.intensity();
    return new CostEntry(
        cost.macs(), cost.filterParameters(), cost.parametersWithBias(), cost.bytes(), intensity);
  }
}
