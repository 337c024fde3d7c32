package org.sepconv.cpu.tile;

/**
 * The {@link PixelScale} in plain loops, for the first runs.
 *
 * @param lanes of a vector
 */
record PlainPixelScale(int lanes) implements PixelScale {

  @Override
  public void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int srcPixelStep,
      float[] factors,
      int factorOffset,
      int factorBlockStep,
      float[] dst,
      int dstOffset,
      int dstPixelStep,
      int pixels,
      int blocks,
      int heat) {
    for (int p = 0; p < pixels; p++) {
      for (int block = 0; block < blocks; block++) {
        int from = srcOffset + block * srcBlockStep + p * srcPixelStep;
        int factor = factorOffset + block * factorBlockStep;
        int to = dstOffset + p * dstPixelStep + block * lanes;
        for (int lane = 0; lane < lanes; lane++) {
          dst[to + lane] = src[from + lane] * factors[factor + lane];
        }
      }
    }
  }
}
