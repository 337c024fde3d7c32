package org.sepconv.cpu.tile;

/**
 * Copies a run of pixels out of blocks of channels to where all channels of a pixel lie side by
 * side. Implementations are emitted by {@link PixelCopyEmitter}.
 */
public interface PixelCopy {
  /**
   * Copies {@code pixels} pixels of {@code blocks} blocks, whole vectors each.
   *
   * @param srcOffset the first pixel in the first block
   * @param srcBlockStep distance between blocks
   * @param dstOffset where the first pixel goes
   */
  void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      float[] dst,
      int dstOffset,
      int pixels,
      int blocks);
}
