package org.sepconv.vision;

import java.util.Optional;

/**
 * How the pixels of a file lie to the picture that it shows: the orientation of EXIF and TIFF 6.0.
 * A constant says on which side of the picture the first stored row is, then the first column.
 */
public enum Orientation {
  TOP_LEFT(false, false, false),
  TOP_RIGHT(false, true, false),
  BOTTOM_RIGHT(false, true, true),
  BOTTOM_LEFT(false, false, true),
  LEFT_TOP(true, false, false),
  RIGHT_TOP(true, false, true),
  RIGHT_BOTTOM(true, true, true),
  LEFT_BOTTOM(true, true, false);

  private final boolean transposed;
  private final boolean columnsReversed;
  private final boolean rowsReversed;

  Orientation(boolean transposed, boolean columnsReversed, boolean rowsReversed) {
    this.transposed = transposed;
    this.columnsReversed = columnsReversed;
    this.rowsReversed = rowsReversed;
  }

  /** The orientation that a tag's value means, 1 to 8; nothing for other values. */
  public static Optional<Orientation> of(int value) {
    return value < 1 || value > values().length
        ? Optional.empty()
        : Optional.of(values()[value - 1]);
  }

  /** Whether the stored rows are columns of the picture. */
  public boolean transposed() {
    return transposed;
  }

  /** The column in which the picture's first pixel is stored. */
  public int firstColumn(int storedWidth) {
    return columnsReversed ? storedWidth - 1 : 0;
  }

  /** The row in which the picture's first pixel is stored. */
  public int firstRow(int storedHeight) {
    return rowsReversed ? storedHeight - 1 : 0;
  }

  /**
   * How far one pixel to the right in the picture is in what is stored.
   *
   * @param columnStride from a stored pixel to the one right of it
   * @param rowStride from a stored pixel to the one below it
   */
  public int rightStride(int columnStride, int rowStride) {
    return transposed ? down(rowStride) : right(columnStride);
  }

  /** How far one pixel down in the picture is in what is stored. */
  public int downStride(int columnStride, int rowStride) {
    return transposed ? right(columnStride) : down(rowStride);
  }

  private int right(int columnStride) {
    return columnsReversed ? -columnStride : columnStride;
  }

  private int down(int rowStride) {
    return rowsReversed ? -rowStride : rowStride;
  }
}
