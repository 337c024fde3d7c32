package org.sepconv.vision;

import java.util.Arrays;

/**
 * PIL's resampling: each needed row in the new width, rounded to 8 bits, then columns over these.
 *
 * <p>Only a strip of rows is kept, as many as one new row needs:
 *
 * <pre>
 *   picture rows   0 1 2 3 4 5 6 7 ...        new row y needs rows 3 4 5 6
 *   strip          [4] [5] [6] [3]            row r is in slot r mod 4, red | green | blue
 * </pre>
 */
final class FilteredRows extends ResizedRows {
  private final Picture picture;
  private final FixedTaps columns;
  private final FixedTaps rows;
  private final byte[][] strip;
  private final int[] sums;

  /** The row behind the last that was put into the strip. */
  private int filled;

  private FilteredRows(Picture picture, FixedTaps columns, FixedTaps rows) {
    this.picture = picture;
    this.columns = columns;
    this.rows = rows;
    this.sums = new int[Colours.COUNT * columns.first().length];
    this.strip = new byte[rows.most()][sums.length];
  }

  static Plan plan(Picture picture, Window window, Filter filter) {
    FixedTaps columns =
        FixedTaps.of(filter, picture.width(), window.width(), window.left(), window.columns());
    FixedTaps rows =
        FixedTaps.of(filter, picture.height(), window.height(), window.top(), window.rows());
    return () -> new FilteredRows(picture, columns, rows);
  }

  @Override
  void row(int y, float[] into) {
    for (int row = Math.max(filled, rows.first()[y]); row < rows.end(y); row++) {
      fill(row, strip[row % strip.length]);
      filled = row + 1;
    }
    Arrays.fill(sums, FixedTaps.HALF);
    int[] weights = rows.weights()[y];
    for (int i = 0; i < weights.length; i++) {
      add(strip[(rows.first()[y] + i) % strip.length], weights[i], sums);
    }
    for (int i = 0; i < sums.length; i++) {
      into[i] = clip(sums[i]);
    }
  }

  /** One weight over a whole row: a loop that the JIT compiler makes vectors of. */
  private static void add(byte[] line, int weight, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += (line[i] & 0xFF) * weight;
    }
  }

  private void fill(int y, byte[] line) {
    byte[] samples = picture.samples;
    int width = columns.first().length;
    int step = picture.columnStride;
    int row = y * picture.rowStride;
    int red = picture.offset(0) + row;
    int green = picture.offset(1) + row;
    int blue = picture.offset(2) + row;
    for (int x = 0; x < width; x++) {
      int reds = FixedTaps.HALF;
      int greens = FixedTaps.HALF;
      int blues = FixedTaps.HALF;
      int at = columns.first()[x] * step;
      for (int weight : columns.weights()[x]) {
        reds += (samples[red + at] & 0xFF) * weight;
        greens += (samples[green + at] & 0xFF) * weight;
        blues += (samples[blue + at] & 0xFF) * weight;
        at += step;
      }
      line[x] = (byte) clip(reds);
      line[width + x] = (byte) clip(greens);
      line[2 * width + x] = (byte) clip(blues);
    }
  }

  private static int clip(int sum) {
    return Math.clamp(sum >> FixedTaps.FRACTION, 0, Colours.WHITE);
  }
}
