package org.sepconv.opencl.kernel;

import java.util.Map;

/** Plans transpose.cl, which turns images of {@code rows} x {@code columns} values around. */
final class Transpose {

  /** Side of the square that is turned around at once. */
  private static final int TILE = 16;

  private Transpose() {}

  /** A work-item turns each tile around by itself: for CPU devices. */
  static Launch byItems(Argument source, Argument destination, int images, int rows, int columns) {
    return new Launch(
        new ProgramKey("transpose", Map.of("ACT", "CLAMP", "WIDTH", "1", "TILE", "" + TILE)),
        "transpose",
        new ArgumentList().add(source, destination).ints(rows, columns).list(),
        tiles(images, rows, columns),
        new long[] {1, 1, 1});
  }

  /** A work-group turns each tile around, through local memory: for GPUs. */
  static Launch byGroups(Argument source, Argument destination, int images, int rows, int columns) {
    return new Launch(
        new ProgramKey(
            "transpose", Map.of("ACT", "CLAMP", "WIDTH", "1", "TILE", "" + TILE, "GPU", "")),
        "transpose",
        new ArgumentList().add(source, destination).ints(rows, columns).list(),
        tiles(images, rows, columns),
        new long[] {TILE, TILE, 1});
  }

  private static long[] tiles(int images, int rows, int columns) {
    return new long[] {Math.ceilDiv(columns, TILE), Math.ceilDiv(rows, TILE), images};
  }
}
