package org.sepconv.cpu.tile;

/**
 * Takes few channels that lie pixel by pixel apart into planes, or puts planes together again, a
 * vector of pixels of each at a time. Implementations are emitted by {@link InterleaveTileEmitter}.
 */
public interface InterleaveTile {
  /** The most channels: with more, {@link TransposeTile} has less to do. */
  int MOST_CHANNELS = 4;

  /**
   * Turns {@code tiles} tiles around: as many vectors as there are channels, each.
   *
   * @param fromStep distance between the vectors of a tile in {@code from}
   * @param fromTile distance between tiles
   * @param shuffles of {@link InterleaveTileEmitter#table}
   */
  void compute(
      float[] from,
      int fromOffset,
      int fromStep,
      int fromTile,
      float[] to,
      int toOffset,
      int toStep,
      int toTile,
      int tiles,
      Object[] shuffles);
}
