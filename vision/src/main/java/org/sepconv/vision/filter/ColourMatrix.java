package org.sepconv.vision.filter;

import java.util.Locale;

/**
 * A 1 x 1 colour matrix of a {@link PictureFilter}: output (red, green, blue) = matrix * input +
 * bias, on values from 0 to 255 as they are stored (gamma-encoded).
 */
public enum ColourMatrix {
  IDENTITY(0, 1, 0, 0, 0, 1, 0, 0, 0, 1),

  /** Grey, with the weights of ITU-R BT.601, as JPEG and most tools convert to grey. */
  LUMA(0, .299, .587, .114, .299, .587, .114, .299, .587, .114),

  /** The brown tone of old prints, with the usual matrix; it lightens, so white stays clipped. */
  SEPIA(0, .393, .769, .189, .349, .686, .168, .272, .534, .131),

  /** The negative: 255 - x. */
  INVERT(255, -1, 0, 0, 0, -1, 0, 0, 0, -1),

  /** Red and blue exchanged: RGB read as BGR. */
  SWAP(0, 0, 0, 1, 0, 1, 0, 1, 0, 0),

  /** The red channel as grey. */
  RED(0, 1, 0, 0, 1, 0, 0, 1, 0, 0),

  /** The green channel as grey. */
  GREEN(0, 0, 1, 0, 0, 1, 0, 0, 1, 0),

  /** The blue channel as grey. */
  BLUE(0, 0, 0, 1, 0, 0, 1, 0, 0, 1);

  private final double bias;
  private final double[] matrix;

  ColourMatrix(double bias, double... matrix) {
    this.bias = bias;
    this.matrix = matrix;
  }

  /** The share of input colour {@code from} in output colour {@code to}; 0 red, 1 green, 2 blue. */
  double weight(int to, int from) {
    return matrix[to * 3 + from];
  }

  /** What is added to each output colour. */
  double bias() {
    return bias;
  }

  /** {@code sepia}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What {@link #toString} gives, in any case.
   *
   * @throws IllegalArgumentException if there is no such matrix, naming those that there are
   */
  public static ColourMatrix parse(String name) {
    return Named.parse("colour matrix", name, values());
  }
}
