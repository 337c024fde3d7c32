package org.sepconv.vision;

/** What becomes of a picture's transparency, since tensors have none. */
public sealed interface Alpha {

  /** The colours are taken as they are stored, as PIL's {@code convert("RGB")} does. */
  record Drop() implements Alpha {}

  /**
   * The picture is laid over one colour: {@code (colour * alpha + rgb * (255 - alpha)) / 255},
   * rounded.
   *
   * @param rgb the colour, 0xRRGGBB
   */
  record Over(int rgb) implements Alpha {
    public Over {
      Colours.check(rgb);
    }
  }

  /** Transparency is not looked at. */
  static Alpha drop() {
    return new Drop();
  }

  /** The picture lies over white. */
  static Alpha overWhite() {
    return new Over(0xFFFFFF);
  }

  /**
   * The picture lies over a colour.
   *
   * @param rgb 0xRRGGBB
   */
  static Alpha over(int rgb) {
    return new Over(rgb);
  }
}
