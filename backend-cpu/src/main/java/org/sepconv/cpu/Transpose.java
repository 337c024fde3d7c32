package org.sepconv.cpu;

/** Between NCHW and NHWC, block by block so that both sides stay in the cache. */
final class Transpose {
  private static final int CHANNELS = 16;
  private static final int PIXELS = 64;

  private Transpose() {}

  /** Pixels {@code first} to {@code end - 1} of the image that starts at {@code image}. */
  static void toNhwc(
      Span source, Span target, int image, int channels, int pixels, int first, int end) {
    float[] from = source.array();
    float[] to = target.array();
    int fromBase = source.offset() + image;
    int toBase = target.offset() + image;
    for (int p0 = first; p0 < end; p0 += PIXELS) {
      int p1 = Math.min(end, p0 + PIXELS);
      for (int c0 = 0; c0 < channels; c0 += CHANNELS) {
        int c1 = Math.min(channels, c0 + CHANNELS);
        for (int p = p0; p < p1; p++) {
          for (int c = c0; c < c1; c++) {
            to[toBase + p * channels + c] = from[fromBase + c * pixels + p];
          }
        }
      }
    }
  }

  /** The same pixels back. */
  static void toNchw(
      Span source, Span target, int image, int channels, int pixels, int first, int end) {
    float[] from = source.array();
    float[] to = target.array();
    int fromBase = source.offset() + image;
    int toBase = target.offset() + image;
    for (int p0 = first; p0 < end; p0 += PIXELS) {
      int p1 = Math.min(end, p0 + PIXELS);
      for (int c0 = 0; c0 < channels; c0 += CHANNELS) {
        int c1 = Math.min(channels, c0 + CHANNELS);
        for (int c = c0; c < c1; c++) {
          for (int p = p0; p < p1; p++) {
            to[toBase + c * pixels + p] = from[fromBase + p * channels + c];
          }
        }
      }
    }
  }
}
