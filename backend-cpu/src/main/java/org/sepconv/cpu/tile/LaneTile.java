package org.sepconv.cpu.tile;

import org.sepconv.cpu.warm.TinyProblem;

/**
 * Copies pixels of one block of channels out of lanes of others. Implementations are emitted by
 * {@link LaneTileEmitter}.
 */
public interface LaneTile {
  /** Blocks that a tile reads at most. */
  int MOST_SOURCES = 4;

  /**
   * Copies {@code pixels} neighbouring pixels, whole vectors, or those lanes of them that the tile
   * was made for.
   *
   * @param first where the first pixel lies in the first block
   * @param second in the second one, and so on; a tile of two blocks needs no more
   * @param lanes what {@link VectorEmitter#shufflesAndMasks} makes: the lanes that are taken of
   *     each block, and last those that are stored
   */
  void compute(
      float[] from,
      int first,
      int second,
      int third,
      int fourth,
      float[] to,
      int toOffset,
      int pixels,
      Object[] lanes);

  /** Some pixels, of which all blocks are the same. */
  default TinyProblem tinyProblem(int lanesOfBlock, Object[] lanes) {
    int pixels = 11;
    float[] from = new float[pixels * lanesOfBlock];
    float[] to = new float[pixels * lanesOfBlock];
    return new TinyProblem(() -> compute(from, 0, 0, 0, 0, to, 0, pixels, lanes));
  }
}
