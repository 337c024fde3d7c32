package org.sepconv.vision;

/** Between the four pixels around, in float32: first along two rows, then between them. */
final class BilinearRows extends ResizedRows {
  private final Picture picture;
  private final LinearTaps columns;
  private final LinearTaps rows;
  private final float[][] lines = new float[2][];
  private final int[] held = {-1, -1};

  private BilinearRows(Picture picture, LinearTaps columns, LinearTaps rows) {
    this.picture = picture;
    this.columns = columns;
    this.rows = rows;
    lines[0] = new float[Colours.COUNT * columns.length()];
    lines[1] = new float[Colours.COUNT * columns.length()];
  }

  /**
   * @param lower the pixel before the centre of each new one
   * @param upper the one behind it; the same at the border
   * @param fraction the weight of the upper one
   */
  private record LinearTaps(int[] lower, int[] upper, float[] fraction) {
    int length() {
      return lower.length;
    }

    static LinearTaps of(int in, int out, int from, int count) {
      float scale = (float) in / out;
      int[] lower = new int[count];
      int[] upper = new int[count];
      float[] fraction = new float[count];
      for (int i = 0; i < count; i++) {
        float place = Math.max(0, scale * (from + i + 0.5f) - 0.5f);
        lower[i] = Math.min((int) place, in - 1);
        upper[i] = Math.min(lower[i] + 1, in - 1);
        fraction[i] = Math.clamp(place - lower[i], 0f, 1f);
      }
      return new LinearTaps(lower, upper, fraction);
    }
  }

  static Plan plan(Picture picture, Window window) {
    LinearTaps columns =
        LinearTaps.of(picture.width(), window.width(), window.left(), window.columns());
    LinearTaps rows = LinearTaps.of(picture.height(), window.height(), window.top(), window.rows());
    return () -> new BilinearRows(picture, columns, rows);
  }

  @Override
  void row(int y, float[] into) {
    float[] above = line(rows.lower[y], rows.upper[y]);
    float[] below = line(rows.upper[y], rows.lower[y]);
    float down = rows.fraction[y];
    float up = 1 - down;
    for (int i = 0; i < above.length; i++) {
      into[i] = up * above[i] + down * below[i];
    }
  }

  /** A row of the picture in the new width; the other one stays where it is held. */
  private float[] line(int y, int other) {
    for (int slot = 0; slot < held.length; slot++) {
      if (held[slot] == y) {
        return lines[slot];
      }
    }
    int slot = held[0] == other ? 1 : 0;
    fill(y, lines[slot]);
    held[slot] = y;
    return lines[slot];
  }

  private void fill(int y, float[] line) {
    int width = columns.length();
    int step = picture.columnStride;
    for (int c = 0; c < Colours.COUNT; c++) {
      int from = picture.offset(c) + y * picture.rowStride;
      for (int x = 0; x < width; x++) {
        int left = picture.samples[from + columns.lower[x] * step] & 0xFF;
        int right = picture.samples[from + columns.upper[x] * step] & 0xFF;
        float fraction = columns.fraction[x];
        line[c * width + x] = (1 - fraction) * left + fraction * right;
      }
    }
  }
}
