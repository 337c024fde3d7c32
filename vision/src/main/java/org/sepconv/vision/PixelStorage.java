package org.sepconv.vision;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.PackedColorModel;

/** How an image of the JDK keeps its pixels: of any kind that is read here. */
public enum PixelStorage {
  /** Each as a number, of a palette or with its colours packed into it. */
  COLOURS,
  /** Grey, or red, green and blue, each a sample of 8 or 16 bits. */
  SAMPLES;

  /**
   * Of an image.
   *
   * @throws IllegalArgumentException if it is of a kind that is not read, naming it
   */
  public static PixelStorage of(BufferedImage image) {
    ColorModel model = image.getColorModel();
    if (model instanceof IndexColorModel || model instanceof PackedColorModel) {
      return COLOURS;
    }
    int type = model.getColorSpace().getType();
    int depth = image.getRaster().getTransferType();
    boolean known =
        model instanceof ComponentColorModel
            && (type == ColorSpace.TYPE_GRAY || type == ColorSpace.TYPE_RGB)
            && (depth == DataBuffer.TYPE_BYTE || depth == DataBuffer.TYPE_USHORT);
    if (!known) {
      throw new IllegalArgumentException(
          "its pixels have %d components of %d bits (%s), but only grey and RGB of 8 or 16 bits are read"
              .formatted(
                  model.getNumComponents(), model.getComponentSize(0), colourSpace(type, depth)));
    }
    return SAMPLES;
  }

  private static String colourSpace(int type, int depth) {
    if (depth != DataBuffer.TYPE_BYTE && depth != DataBuffer.TYPE_USHORT) {
      return "signed, 32-bit or floating-point";
    }
    return type == ColorSpace.TYPE_CMYK ? "CMYK" : "an unusual colour space";
  }
}
