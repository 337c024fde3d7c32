package org.sepconv.vision;

/** What a quadrilateral of a picture shows, as a picture that stands upright. */
final class QuadrilateralCut {
  private QuadrilateralCut() {}

  static Picture of(Picture picture, Quadrilateral place, int width, int height, int threads) {
    byte[] samples = Picture.samples(width, height);
    Perspective map = Perspective.to(place);
    Bands.run(
        threads,
        Bands.of(height, threads),
        (from, to) -> {
          for (int y = from; y < to; y++) {
            double v = (y + 0.5) / height;
            for (int x = 0; x < width; x++) {
              double u = (x + 0.5) / width;
              int at = (y * width + x) * Colours.COUNT;
              sample(picture, map.x(u, v) - 0.5, map.y(u, v) - 0.5, samples, at);
            }
          }
        });
    return Picture.ofRgb(width, height, samples);
  }

  /** Between the four pixels around; outside of the picture the nearest one is repeated. */
  private static void sample(Picture picture, double x, double y, byte[] into, int at) {
    double column = Math.clamp(x, 0, picture.width() - 1);
    double row = Math.clamp(y, 0, picture.height() - 1);
    int left = (int) column;
    int top = (int) row;
    int right = Math.min(left + 1, picture.width() - 1) * picture.columnStride;
    int bottom = Math.min(top + 1, picture.height() - 1) * picture.rowStride;
    double across = column - left;
    double down = row - top;
    left *= picture.columnStride;
    top *= picture.rowStride;
    for (int c = 0; c < Colours.COUNT; c++) {
      byte[] samples = picture.samples;
      int offset = picture.offset(c);
      int topLeft = samples[offset + top + left] & 0xFF;
      int topRight = samples[offset + top + right] & 0xFF;
      int bottomLeft = samples[offset + bottom + left] & 0xFF;
      int bottomRight = samples[offset + bottom + right] & 0xFF;
      double above = topLeft + across * (topRight - topLeft);
      double below = bottomLeft + across * (bottomRight - bottomLeft);
      into[at + c] = Colours.sample((float) (above + down * (below - above)));
    }
  }
}
