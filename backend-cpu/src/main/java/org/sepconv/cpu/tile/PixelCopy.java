package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

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
   * @param srcPixelStep distance between the pixels in a block
   * @param dstOffset where the first pixel goes
   * @param dstPixelStep distance between the pixels where they go
   * @param heat 0; or so many empty steps instead of all that, for {@link TinyProblem}
   */
  void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int srcPixelStep,
      float[] dst,
      int dstOffset,
      int dstPixelStep,
      int pixels,
      int blocks,
      int heat);

  /** Eleven pixels of two blocks: some steps of several pixels and some of one. */
  default TinyProblem tinyProblem() {
    int pixels = 11;
    int step = Span.SLACK;
    int blockStep = pixels * step;
    float[] source = new float[2 * blockStep + Span.SLACK];
    float[] target = new float[pixels * step + 2 * Span.SLACK];
    return TinyProblem.heated(
        heat -> compute(source, 0, blockStep, step, target, 0, step, pixels, 2, heat));
  }
}
