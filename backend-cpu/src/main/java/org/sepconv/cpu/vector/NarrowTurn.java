package org.sepconv.cpu.vector;

import org.sepconv.cpu.tile.InterleaveTile;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Between pixels of few channels and planes: a vector of pixels at a time, the last one overlapping
 * the one before it.
 */
final class NarrowTurn {
  private final int channels;
  private final int lanes;
  private final InterleaveTile apart;
  private final Object[] apartShuffles;
  private final InterleaveTile together;
  private final Object[] togetherShuffles;

  /**
   * @param channels 1 to {@link InterleaveTile#MOST_CHANNELS}
   */
  NarrowTurn(int channels, VectorEmitter emitter) {
    this.channels = channels;
    this.lanes = emitter.lanes();
    this.apart = emitter.interleaveTile(channels, true);
    this.apartShuffles = emitter.interleaveShuffles(channels, true);
    this.together = emitter.interleaveTile(channels, false);
    this.togetherShuffles = emitter.interleaveShuffles(channels, false);
  }

  /** {@code to[toOffset + c * plane + p] = from[fromOffset + p * channels + c]}. */
  void apart(float[] from, int fromOffset, float[] to, int toOffset, int plane, int pixels) {
    if (channels == 1) {
      System.arraycopy(from, fromOffset, to, toOffset, pixels);
      return;
    }
    int whole = pixels / lanes;
    int tile = channels * lanes;
    apart.compute(from, fromOffset, lanes, tile, to, toOffset, plane, lanes, whole, apartShuffles);
    int last = pixels - lanes;
    if (last >= 0 && whole * lanes < pixels) {
      int source = fromOffset + last * channels;
      apart.compute(from, source, lanes, 0, to, toOffset + last, plane, 0, 1, apartShuffles);
    }
    for (int p = last < 0 ? 0 : pixels; p < pixels; p++) {
      for (int c = 0; c < channels; c++) {
        to[toOffset + c * plane + p] = from[fromOffset + p * channels + c];
      }
    }
  }

  /** The way back. */
  void together(float[] from, int fromOffset, int plane, float[] to, int toOffset, int pixels) {
    if (channels == 1) {
      System.arraycopy(from, fromOffset, to, toOffset, pixels);
      return;
    }
    int whole = pixels / lanes;
    int tile = channels * lanes;
    together.compute(
        from, fromOffset, plane, lanes, to, toOffset, lanes, tile, whole, togetherShuffles);
    int last = pixels - lanes;
    if (last >= 0 && whole * lanes < pixels) {
      int target = toOffset + last * channels;
      together.compute(
          from, fromOffset + last, plane, 0, to, target, lanes, 0, 1, togetherShuffles);
    }
    for (int p = last < 0 ? 0 : pixels; p < pixels; p++) {
      for (int c = 0; c < channels; c++) {
        to[toOffset + p * channels + c] = from[fromOffset + c * plane + p];
      }
    }
  }

  /** Some vectors of pixels and one that overlaps, there and back. */
  TinyProblem tinyProblem() {
    int pixels = 3 * lanes + 1;
    float[] together = new float[pixels * channels];
    float[] planes = new float[pixels * channels];
    return new TinyProblem(
        () -> {
          apart(together, 0, planes, 0, pixels, pixels);
          together(planes, 0, pixels, together, 0, pixels);
        });
  }
}
