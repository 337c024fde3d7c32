package org.sepconv.cpu.tile;

import org.sepconv.cpu.warm.TinyProblem;

/**
 * Tiles of a depthwise convolution on blocks of channels. A tile is some neighbouring pixels of one
 * block, with a sum in a register for each; all tiles of a block come one after the other, so that
 * its weights can stay in registers. Implementations are emitted by {@link DepthwiseTileEmitter},
 * which makes kernel size, stride, dilation and the distance between pixels of the input part of
 * the code.
 */
public interface DepthwiseTile {
  /**
   * Computes {@code rows} rows of {@code tiles} tiles of {@code blocks} blocks.
   *
   * @param srcOffset where the first pixel of the first block's plane lies, after the row of zeros
   * @param srcBlockStep distance between blocks in {@code src}
   * @param rowStarts for each output row the starts of the input rows that its filter rows meet,
   *     from the first pixel of a plane on; that of the row of zeros for rows of padding
   * @param firstRowStart index in {@code rowStarts} of the first output row
   * @param column input column that the first filter column of the first tile meets; may be
   *     negative
   * @param width input columns; those before 0 and from here on are zeros
   * @param weights for each block {@code [tap][lane]} and then the bias
   * @param outOffset where the first pixel of the first tile goes
   * @param outPixelStep distance between neighbouring pixels of the output
   * @param shuffles where an input channel makes several output channels: which input lane each
   *     output lane takes
   * @param shuffle index of the one that counts
   * @param residual what is added to the output before the activation, lying as it does; of no
   *     account to tiles that add none
   * @param residualShift from where an output goes to where its residual lies
   * @param tail channels stored of each pixel, where that is less than a vector
   * @param idle empty steps before, for {@linkplain TinyProblem#idle tiny problems}; else 0
   * @return whether NaN may have become a bound of the activation: then {@link TileSlot#exact()}
   *     must compute the same once more; never where something is added
   */
  boolean compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int[] rowStarts,
      int firstRowStart,
      int column,
      int width,
      float[] weights,
      int weightOffset,
      float[] out,
      int outOffset,
      int outPixelStep,
      int outBlockStep,
      int outRowStep,
      int rows,
      int tiles,
      int blocks,
      int tail,
      Object[] shuffles,
      int shuffle,
      float[] residual,
      int residualShift,
      int idle);
}
