package org.sepconv.cpu.tile;

/**
 * The {@link PixelCopy} in plain loops, for the first runs.
 *
 * @param lanes of a vector
 */
record PlainPixelCopy(int lanes) implements PixelCopy {

  @Override
  public void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int srcPixelStep,
      float[] dst,
      int dstOffset,
      int dstPixelStep,
      int pixels,
      int blocks,
      int heat) {
    for (int p = 0; p < pixels; p++) {
      for (int block = 0; block < blocks; block++) {
        int from = srcOffset + block * srcBlockStep + p * srcPixelStep;
        System.arraycopy(src, from, dst, dstOffset + p * dstPixelStep + block * lanes, lanes);
      }
    }
  }
}
