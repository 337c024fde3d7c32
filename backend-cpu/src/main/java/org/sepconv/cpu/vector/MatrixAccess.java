package org.sepconv.cpu.vector;

import org.sepconv.cpu.tile.TileRows;

/**
 * Where a product finds its input and leaves its output.
 *
 * @param depth values of a pixel that lie side by side for each tap: the group's channels, or those
 *     of several filter columns
 * @param taps for each tap, the offset of its values from the pixel's first
 * @param rowStride distance between neighbouring pixels of a run in the input
 * @param run pixels, from the first on, at a constant distance each
 * @param runStride distance between the first pixels of neighbouring runs; of no account where all
 *     pixels are one run
 * @param outStride distance between neighbouring pixels in the output
 * @param masked whether there are fewer outputs than lanes, and only they may be stored
 * @param most pixels of one call
 */
record MatrixAccess(
    int depth,
    int[] taps,
    int rowStride,
    int run,
    int runStride,
    int outStride,
    boolean masked,
    int most) {

  MatrixAccess {
    if (most == 1) {
      // There is no other pixel, and so one tile for all such.
      rowStride = 0;
      outStride = 0;
    }
  }

  /** Of any number of pixels in one call. */
  MatrixAccess(
      int depth, int[] taps, int rowStride, int run, int runStride, int outStride, boolean masked) {
    this(depth, taps, rowStride, run, runStride, outStride, masked, Integer.MAX_VALUE);
  }

  /** Products of an output. */
  int products() {
    return depth * taps.length;
  }

  /** Where so many rows lie. */
  TileRows rows(int count) {
    return count <= run
        ? new TileRows(count, rowStride, count, 0)
        : new TileRows(count, rowStride, run, runStride);
  }

  /**
   * Pixels that the tiles of some height share evenly, so that there is no thin rest: a run, or as
   * many whole runs as fit one tile.
   *
   * @param most rows of a tile
   */
  int stretch(int most) {
    return run <= most ? most / run * run : run;
  }

  /**
   * How tiles of nearly equal height share some pixels.
   *
   * @param lower rows of the lower ones, the last
   * @param higher so many, the first, have a row more
   */
  record Heights(int tiles, int lower, int higher) {

    /**
     * @param most rows of a tile
     */
    static Heights of(int pixels, int most) {
      int tiles = Math.ceilDiv(pixels, most);
      int lower = pixels / tiles;
      return new Heights(tiles, lower, pixels - tiles * lower);
    }
  }
}
