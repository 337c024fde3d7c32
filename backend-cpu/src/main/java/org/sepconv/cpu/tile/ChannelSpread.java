package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Gives each lane, one after the other, the channels of the group that its output sees.
 * Implementations are emitted by {@link ChannelSpreadEmitter}.
 *
 * <pre>
 *   dst[dstOffset + (p * channels + k) * lanes + l] = src[srcOffset + p * srcStride + shuffle k of lane l]
 * </pre>
 */
public interface ChannelSpread {
  /**
   * Spreads {@code pixels} pixels of one block.
   *
   * @param shuffles for each channel of a group, the lane that each lane takes
   */
  void compute(
      float[] src, int srcOffset, float[] dst, int dstOffset, int pixels, Object[] shuffles);

  /** Five pixels. */
  default TinyProblem tinyProblem(int srcStride, int channels, int lanes, Object[] shuffles) {
    int pixels = 5;
    float[] source = new float[pixels * srcStride + Span.SLACK];
    float[] target = new float[pixels * channels * lanes];
    return new TinyProblem(() -> compute(source, 0, target, 0, pixels, shuffles));
  }
}
