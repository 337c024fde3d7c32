package org.sepconv.cli.picture;

import java.util.Optional;

/**
 * How the pixels of a file lie to the picture that it shows: the orientation of EXIF and TIFF 6.0.
 * A constant says on which side of the picture the first stored row is, then the first column.
 */
enum Orientation {
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
  static Optional<Orientation> of(int value) {
    return value < 1 || value > values().length
        ? Optional.empty()
        : Optional.of(values()[value - 1]);
  }

  /** The picture that is meant where {@code stored} lies in this orientation. */
  Picture upright(Picture stored) {
    if (this == TOP_LEFT) {
      return stored;
    }
    int width = transposed ? stored.height() : stored.width();
    int height = transposed ? stored.width() : stored.height();
    int[] from = places(stored.width(), stored.height());
    float[] planes = new float[stored.planes().length];
    for (int c = 0; c < Picture.COLOURS; c++) {
      int plane = c * from.length;
      for (int at = 0; at < from.length; at++) {
        planes[plane + at] = stored.planes()[plane + from[at]];
      }
    }
    Optional<byte[]> alpha = stored.alpha().map(values -> turned(values, from));
    return new Picture(width, height, planes, alpha);
  }

  /** Where each pixel of the upright picture is stored. */
  private int[] places(int storedWidth, int storedHeight) {
    int column = columnsReversed ? -1 : 1;
    int row = rowsReversed ? -storedWidth : storedWidth;
    int first =
        (columnsReversed ? storedWidth - 1 : 0)
            + (rowsReversed ? (storedHeight - 1) * storedWidth : 0);
    int right = transposed ? row : column;
    int down = transposed ? column : row;
    int width = transposed ? storedHeight : storedWidth;
    int[] places = new int[storedWidth * storedHeight];
    for (int at = 0; at < places.length; at++) {
      places[at] = first + at % width * right + at / width * down;
    }
    return places;
  }

  private static byte[] turned(byte[] values, int[] from) {
    byte[] turned = new byte[values.length];
    for (int at = 0; at < turned.length; at++) {
      turned[at] = values[from[at]];
    }
    return turned;
  }
}
