package org.sepconv.cpu;

/**
 * A row of tiles of a depthwise convolution. A tile is some neighbouring pixels by one vector of
 * channels, with a sum in a register for each pixel; the tiles of one vector of channels come one
 * after the other, so that its weights can stay in registers. Implementations are emitted by {@link
 * DepthwiseTileEmitter}.
 *
 * <pre>
 *   for each channel c, each pixel p of the tiles:
 *     out[outOffset + p * outStride + c] = clamp(weights[biasOffset + c] + sum over i &lt; tapRows, j &lt; tapColumns of
 *         src[srcOffset + i * rowStep + j * columnStep + p * pixelStep + c]
 *         * weights[weightOffset + i * weightRowStep + j * padded + c])
 * </pre>
 */
interface DepthwiseTile {
  /**
   * Computes one tile. Reads whole vectors: up to {@link RowKernel#SLACK} floats past the last
   * channel.
   *
   * @param tiles how many tiles side by side
   * @param tapRows filter rows that meet the input, the same for all pixels of the tile
   * @param tapColumns filter columns that meet the input
   * @param weights the filter and the bias, both padded to whole vectors
   * @param channels stored for each pixel
   * @param padded channels rounded up to whole vectors: the distance between taps in the weights
   */
  void compute(
      float[] src,
      int srcOffset,
      int rowStep,
      int columnStep,
      int pixelStep,
      int tapRows,
      int tapColumns,
      float[] weights,
      int weightOffset,
      int weightRowStep,
      int biasOffset,
      float[] out,
      int outOffset,
      int outStride,
      int channels,
      int padded,
      int tiles);
}
