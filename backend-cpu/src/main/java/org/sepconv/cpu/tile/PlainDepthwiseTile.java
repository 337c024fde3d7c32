package org.sepconv.cpu.tile;

/**
 * The {@link GeneralDepthwiseTile} in plain loops, for the first run.
 *
 * @param lanes of a vector
 */
record PlainDepthwiseTile(int lanes) implements GeneralDepthwiseTile {

  @Override
  public void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int srcPixelStep,
      int[] rowStarts,
      int firstRowStart,
      int column,
      int columnStep,
      int width,
      float[] weights,
      int weightOffset,
      int kernelRows,
      int kernelColumns,
      int dilation,
      float[] out,
      int outOffset,
      int outPixelStep,
      int outBlockStep,
      int outRowStep,
      int rows,
      int pixels,
      int blocks,
      float[] residual,
      int residualShift,
      int added,
      float min,
      float max,
      int hardSwish,
      int heat) {
    float[] sums = new float[lanes];
    int blockWeights = (kernelRows * kernelColumns + 1) * lanes;
    for (int block = 0; block < blocks; block++) {
      int source = srcOffset + block * srcBlockStep;
      int zeros = source - width * srcPixelStep;
      int weight = weightOffset + block * blockWeights;
      for (int row = 0; row < rows; row++) {
        int starts = firstRowStart + row * kernelRows;
        for (int p = 0; p < pixels; p++) {
          int tap = weight;
          for (int i = 0; i < kernelRows; i++) {
            int start = source + rowStarts[starts + i];
            for (int j = 0; j < kernelColumns; j++) {
              int at = column + p * columnStep + j * dilation;
              int from = at >= 0 && at < width ? start + at * srcPixelStep : zeros;
              addProducts(src, from, weights, tap, sums);
              tap += lanes;
            }
          }
          int to = outOffset + block * outBlockStep + row * outRowStep + p * outPixelStep;
          for (int lane = 0; lane < lanes; lane++) {
            float sum = sums[lane] + weights[tap + lane];
            if (added > 0) {
              sum += residual[to + residualShift + lane];
            }
            out[to + lane] = Clamp.of(sum, min, max, hardSwish > 0);
            sums[lane] = 0;
          }
        }
      }
    }
  }

  private static void addProducts(float[] src, int from, float[] weights, int tap, float[] sums) {
    for (int lane = 0; lane < sums.length; lane++) {
      sums[lane] = Math.fma(src[from + lane], weights[tap + lane], sums[lane]);
    }
  }
}
