package org.sepconv.cpu.tile;

/**
 * Turns square tiles of a matrix around, as many rows and columns as a vector has lanes. Emitted by
 * {@link TransposeTileEmitter}.
 *
 * <pre>
 *   for each tile t, each i, j &lt; lanes:
 *     to[toOffset + t * toTile + j * toRow + i] = from[fromOffset + t * fromTile + i * fromRow + j]
 * </pre>
 */
public interface TransposeTile {
  void compute(
      float[] from,
      int fromOffset,
      int fromRow,
      int fromTile,
      float[] to,
      int toOffset,
      int toRow,
      int toTile,
      int tiles,
      Object[] shuffles);
}
