package org.sepconv.vision;

/** How a picture's pixels become those of another size. Pixels are areas: half-pixel centres. */
public enum Interpolation {
  /** The pixel that lies under the new one's centre: PIL's {@code NEAREST}, to the bit. */
  NEAREST,

  /**
   * Between the four pixels around the new one's centre, however much smaller the picture becomes:
   * PyTorch's {@code interpolate} with {@code bilinear}, {@code align_corners=False} and {@code
   * antialias=False} over float32 pixels, and OpenCV's {@code INTER_LINEAR} but for its fixed point
   * and rounding. Values stay fractions.
   */
  BILINEAR,

  /**
   * A triangle as wide as the shrinking needs, first along rows, then along columns: PIL's {@code
   * BILINEAR}, to the bit, with its fixed point and its rounding to 8 bits after each of the two.
   */
  BILINEAR_ANTIALIAS,

  /** The same with a cubic of a = -0.5: PIL's {@code BICUBIC}, to the bit. */
  BICUBIC_ANTIALIAS,

  /**
   * The mean of the pixels whose centres lie in the new one: PIL's {@code BOX}, to the bit, and the
   * area itself where the sides shrink by whole numbers, but for the rounding between.
   */
  AREA
}
