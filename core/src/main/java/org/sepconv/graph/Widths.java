package org.sepconv.graph;

/** Multipliers of the channels of a network. */
final class Widths {
  private Widths() {}

  /**
   * @throws IllegalArgumentException if the multiplier is not positive, or absurd
   */
  static void require(double width) {
    if (!(width > 0 && width <= 64)) {
      throw new IllegalArgumentException("width multiplier is " + width + ", not in (0, 64]");
    }
  }

  /**
   * The make_divisible of MobileNetV2 and all that came after it: the nearest multiple of 8 that
   * loses no more than 10 %, at least 8.
   */
  static int channels(double channels, double width) {
    double exact = channels * width;
    int rounded = Math.max(8, (int) (exact + 4) / 8 * 8);
    return rounded < 0.9 * exact ? rounded + 8 : rounded;
  }
}
