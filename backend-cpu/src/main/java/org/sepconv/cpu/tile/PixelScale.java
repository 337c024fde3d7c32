package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * A {@link PixelCopy} that multiplies each channel by a factor of its own. Implementations are
 * emitted by {@link PixelCopyEmitter}.
 */
public interface PixelScale {
  /**
   * Copies as {@link PixelCopy#compute}.
   *
   * @param factorOffset the factor of the first channel of the first block
   * @param factorBlockStep distance between the factors of neighbouring blocks
   * @param heat as there
   */
  void compute(
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
      int heat);

  /** As that of {@link PixelCopy}. */
  default TinyProblem tinyProblem() {
    int pixels = 11;
    int step = Span.SLACK;
    int blockStep = pixels * step;
    float[] source = new float[2 * blockStep + Span.SLACK];
    float[] factors = new float[3 * step];
    float[] target = new float[pixels * step + 2 * Span.SLACK];
    return TinyProblem.heated(
        heat ->
            compute(
                source, 0, blockStep, step, factors, 0, step, target, 0, step, pixels, 2, heat));
  }
}
