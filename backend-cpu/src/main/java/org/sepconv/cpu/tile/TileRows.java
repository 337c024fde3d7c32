package org.sepconv.cpu.tile;

import org.sepconv.cpu.vector.MatrixProduct;

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

  public static TileRows of(int count, MatrixProduct.Access access) {
    return count <= access.run()
        ? new TileRows(count, access.rowStride(), count, 0)
        : new TileRows(count, access.rowStride(), access.run(), access.runStride());
  }

  /** How far row {@code row} lies from the first. */
  public int offset(int row) {
    return row / run * runStride + row % run * stride;
  }

  /** How far the rows of the next tile of the same run lie. */
  public int next() {
    return count * stride;
  }

  /** {@code 14s528}, or for two runs {@code 14s528r7_4752}. */
  @Override
  public String toString() {
    return count + "s" + stride + (run < count ? "r" + run + "_" + runStride : "");
  }
}
