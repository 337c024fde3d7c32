package org.sepconv.vision;

/** The nearest pixel. */
final class NearestRows extends ResizedRows {
  private final Picture picture;
  private final int[] columns;
  private final int[] rows;

  private NearestRows(Picture picture, int[] columns, int[] rows) {
    this.picture = picture;
    this.columns = columns;
    this.rows = rows;
  }

  static Plan plan(Picture picture, Window window) {
    int[] columns = places(picture.width(), window.width(), window.left(), window.columns());
    int[] rows = places(picture.height(), window.height(), window.top(), window.rows());
    return () -> new NearestRows(picture, columns, rows);
  }

  /** PIL adds the step up from pixel to pixel, and with it the step's rounding. */
  private static int[] places(int in, int out, int from, int count) {
    double step = (double) in / out;
    double place = step * 0.5;
    int[] places = new int[count];
    for (int i = 0; i < from + count; i++) {
      if (i >= from) {
        places[i - from] = Math.min((int) place, in - 1);
      }
      place += step;
    }
    return places;
  }

  @Override
  void row(int y, float[] into) {
    int row = rows[y] * picture.rowStride;
    for (int c = 0; c < Colours.COUNT; c++) {
      int from = picture.offset(c) + row;
      for (int x = 0; x < columns.length; x++) {
        into[c * columns.length + x] =
            picture.samples[from + columns[x] * picture.columnStride] & 0xFF;
      }
    }
  }
}
