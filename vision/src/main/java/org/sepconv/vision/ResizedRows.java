package org.sepconv.vision;

/**
 * The rows of a picture in another size, computed when they are asked for: red, green and blue one
 * after the other, from 0 to 255. One for each thread; ask in ascending order.
 */
abstract sealed class ResizedRows permits NearestRows, BilinearRows, FilteredRows {

  private static final int TALL = 100;

  /** What all threads share of a picture's resizing. */
  interface Plan {
    /** For one thread. */
    ResizedRows band();
  }

  /**
   * A window of a resized picture.
   *
   * @param width of the whole resized picture
   * @param height of the whole resized picture
   * @param left the first column that is wanted
   * @param top the first row
   * @param columns how many are wanted
   * @param rows how many are wanted
   */
  record Window(int width, int height, int left, int top, int columns, int rows) {}

  static Plan plan(Picture picture, Window window, Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST -> NearestRows.plan(picture, window);
      case BILINEAR -> BilinearRows.plan(picture, window);
      case BILINEAR_ANTIALIAS -> filtered(picture, window, Filter.TRIANGLE);
      case BICUBIC_ANTIALIAS -> filtered(picture, window, Filter.CUBIC);
      case AREA -> filtered(picture, window, Filter.BOX);
    };
  }

  /**
   * PIL resizes the columns first where a picture is more than {@value #TALL} times as high as it
   * is wide and becomes lower; the rounding between shows.
   */
  private static Plan filtered(Picture picture, Window window, Filter filter) {
    int height = window.height();
    if (picture.height() <= (long) TALL * picture.width() || height >= picture.height()) {
      return FilteredRows.plan(picture, window, filter);
    }
    Window columns = new Window(picture.width(), height, 0, 0, picture.width(), height);
    Picture lower = picture(FilteredRows.plan(picture, columns, filter), columns, 1);
    return FilteredRows.plan(lower, window, filter);
  }

  /** All rows of a window as a picture. */
  static Picture picture(Plan plan, Window window, int threads) {
    int width = window.columns();
    byte[] samples = Picture.samples(width, window.rows());
    Bands.run(
        threads,
        Bands.of(window.rows(), threads),
        (from, to) -> {
          float[] row = new float[Colours.COUNT * width];
          ResizedRows band = plan.band();
          for (int y = from; y < to; y++) {
            band.row(y, row);
            int at = y * width * Colours.COUNT;
            for (int x = 0; x < width; x++) {
              for (int c = 0; c < Colours.COUNT; c++) {
                samples[at++] = Colours.sample(row[c * width + x]);
              }
            }
          }
        });
    return Picture.ofRgb(width, window.rows(), samples);
  }

  /** Row {@code y} of the window: three times its columns. */
  abstract void row(int y, float[] into);
}
