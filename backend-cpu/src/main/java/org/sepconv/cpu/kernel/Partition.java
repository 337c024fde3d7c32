package org.sepconv.cpu.kernel;

import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * How the work of a run is cut into parts of about equal size: strips of rows, and where there are
 * too few rows for the threads, slices of the output channels as well. Rows are counted through the
 * whole batch: row {@code n * H' + y}.
 */
public record Partition(int rows, int strips, int slices) {

  public static Partition of(int rows, RowKernel kernel, int threads) {
    int strips = Math.ceilDiv(rows, kernel.stripRows());
    int slices = Math.min(threads, kernel.maxSlices());
    if (threads == 1 || slices == 1 || rows >= 16 * threads) {
      return byRows(rows, strips, threads);
    }
    Partition byRows = byRows(rows, strips, threads);
    int rowsOfBusiest = Math.ceilDiv(byRows.strips, threads) * Math.ceilDiv(rows, byRows.strips);
    double busiestByRows = (double) rowsOfBusiest / rows;
    double repeated = kernel.repeatedShare();
    double busiestBySlices =
        repeated + (1 - repeated) * Math.ceilDiv(kernel.maxSlices(), slices) / kernel.maxSlices();
    return busiestBySlices < busiestByRows ? new Partition(rows, strips, slices) : byRows;
  }

  /** As few strips as the kernel likes, but the same number for each thread if there are enough. */
  private static Partition byRows(int rows, int strips, int threads) {
    return new Partition(rows, Math.min(rows, Math.ceilDiv(strips, threads) * threads), 1);
  }

  /**
   * How many rows are computed at once, each number once.
   *
   * @param image rows of an image; strips are cut where one begins
   */
  public IntStream rowCounts(int image) {
    BitSet counts = new BitSet();
    for (int strip = 0; strip < strips; strip++) {
      int end = firstRow(strip + 1);
      for (int row = firstRow(strip); row < end; ) {
        int count = rowsOfImage(row, end, image);
        counts.set(count);
        row += count;
      }
    }
    return counts.stream();
  }

  /**
   * How many of the rows from {@code row} to {@code end - 1} lie in the same image as the first: a
   * strip may reach from one image of the batch into the next.
   *
   * @param image rows of an image
   */
  public static int rowsOfImage(int row, int end, int image) {
    return Math.min(end - row, image - row % image);
  }

  public int parts() {
    return strips * slices;
  }

  /** The first row of a strip, or with the number of strips one past the last row. */
  public int firstRow(int strip) {
    return (int) ((long) rows * strip / strips);
  }
}
