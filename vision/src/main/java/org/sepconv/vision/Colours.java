package org.sepconv.vision;

/** Colours as numbers, 0xRRGGBB. */
final class Colours {
  /** Red, green and blue. */
  static final int COUNT = 3;

  static final int WHITE = 255;

  private Colours() {}

  static int red(int rgb) {
    return rgb >> 16 & 0xFF;
  }

  static int green(int rgb) {
    return rgb >> 8 & 0xFF;
  }

  static int blue(int rgb) {
    return rgb & 0xFF;
  }

  static void check(int rgb) {
    if (rgb >>> 24 != 0) {
      throw new IllegalArgumentException(
          "the colour 0x%08X is not 0xRRGGBB: its first byte must be 0".formatted(rgb));
    }
  }

  /** The nearest of 0 to 255; 0 for what is not a number. */
  static byte sample(float level) {
    return (byte) Math.round(Math.clamp(Float.isNaN(level) ? 0 : level, 0, WHITE));
  }
}
