package org.sepconv.cpu.tile;

/**
 * Where the rows (pixels) of a matrix tile lie in the input: at a constant distance, or several
 * whole runs of such, which also begin at a constant distance.
 *
 * @param count how many rows
 * @param stride distance between neighbouring rows of a run
 * @param run rows of a run; {@code count} where there is but one
 * @param runStride distance between the first rows of neighbouring runs; 0 where there is but one
 */
public record TileRows(int count, int stride, int run, int runStride) {

  /** How far row {@code row} lies from the first. */
  int offset(int row) {
    return row / run * runStride + row % run * stride;
  }

  /** How far the rows of the next tile of the same run lie. */
  int next() {
    return count * stride;
  }

  /** {@code 14s528}, or for two runs {@code 14s528r7_4752}. */
  @Override
  public String toString() {
    return count + "s" + stride + (run < count ? "r" + run + "_" + runStride : "");
  }
}
