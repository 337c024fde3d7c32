package org.sepconv.vision.filter;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorConvertOp;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.util.Optional;
import org.sepconv.Shape;
import org.sepconv.vision.Orientation;
import org.sepconv.vision.Picture;
import org.sepconv.vision.PixelStorage;

/**
 * A picture as a convolution sees it.
 *
 * @param planes red, green and blue one after the other, each height x width, from 0 to 255 as they
 *     are stored (gamma-encoded); not copied
 * @param alpha height x width from 0 (transparent) to 255, if the picture has any; not copied
 */
public record ColourPlanes(int width, int height, float[] planes, Optional<byte[]> alpha) {
  public static final int COLOURS = 3;
  public static final float WHITE = 255;

  public ColourPlanes {
    shape(width, height).checkLength("picture", planes.length);
    alpha.ifPresent(values -> Shape.of(1, height, width).checkLength("alpha", values.length));
  }

  /** 3 x height x width. */
  public Shape shape() {
    return shape(width, height);
  }

  private static Shape shape(int width, int height) {
    return Shape.of(COLOURS, height, width);
  }

  /**
   * From an image of any common kind: grey, colour, palette, 8 or 16 bits, with or without alpha.
   *
   * @throws IllegalArgumentException if it is of another kind, naming it
   */
  public static ColourPlanes of(BufferedImage image) {
    if (PixelStorage.of(image) == PixelStorage.COLOURS) {
      return ofRgb(image);
    }
    ColorModel model = image.getColorModel();
    boolean grey = model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
    if (!grey && !model.getColorSpace().isCS_sRGB()) {
      int sRgb = model.hasAlpha() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
      BufferedImage converted = new BufferedImage(image.getWidth(), image.getHeight(), sRgb);
      new ColorConvertOp(null).filter(image, converted);
      return ofRgb(converted);
    }
    if (image.isAlphaPremultiplied()) {
      image.coerceData(false);
    }
    return ofSamples(image);
  }

  /** The same colours, without alpha. */
  public static ColourPlanes of(Picture picture) {
    int width = picture.width();
    int height = picture.height();
    float[] planes = new float[shape(width, height).elements()];
    int plane = width * height;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int rgb = picture.rgb(x, y);
        planes[at] = rgb >> 16;
        planes[plane + at] = rgb >> 8 & 0xFF;
        planes[2 * plane + at] = rgb & 0xFF;
      }
    }
    return new ColourPlanes(width, height, planes, Optional.empty());
  }

  private static ColourPlanes ofRgb(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] planes = new float[shape(width, height).elements()];
    int plane = width * height;
    boolean transparent = image.getTransparency() != Transparency.OPAQUE;
    byte[] alpha = new byte[transparent ? plane : 0];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        planes[at] = row[x] >> 16 & 0xFF;
        planes[plane + at] = row[x] >> 8 & 0xFF;
        planes[2 * plane + at] = row[x] & 0xFF;
        if (transparent) {
          alpha[at] = (byte) (row[x] >>> 24);
        }
      }
    }
    return new ColourPlanes(
        width, height, planes, transparent ? Optional.of(alpha) : Optional.empty());
  }

  /**
   * The stored samples, scaled to 0..255. Not {@code getRGB}: it takes grey for linear light and
   * brightens it, and cuts 16 bits down to 8.
   */
  private static ColourPlanes ofSamples(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int colours = model.getNumColorComponents();
    float[] planes = new float[shape(width, height).elements()];
    int plane = width * height;
    byte[] alpha = new byte[model.hasAlpha() ? plane : 0];
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int c = 0; c < COLOURS; c++) {
        int band = colours == 1 ? 0 : c;
        float scale = scale(model, band);
        raster.getSamples(0, y, width, 1, band, row);
        for (int x = 0; x < width; x++) {
          planes[c * plane + y * width + x] = row[x] * scale;
        }
      }
      if (model.hasAlpha()) {
        float scale = scale(model, colours);
        raster.getSamples(0, y, width, 1, colours, row);
        for (int x = 0; x < width; x++) {
          alpha[y * width + x] = toByte(row[x] * scale);
        }
      }
    }
    return new ColourPlanes(
        width, height, planes, model.hasAlpha() ? Optional.of(alpha) : Optional.empty());
  }

  private static float scale(ColorModel model, int band) {
    return WHITE / ((1 << model.getComponentSize(band)) - 1);
  }

  /** As 8-bit RGB, or ARGB if there is alpha; values are rounded and clamped to 0..255. */
  public BufferedImage toImage() {
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            alpha.isPresent() ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    byte[] opacity = alpha.orElse(new byte[0]);
    int plane = width * height;
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int red = toByte(planes[at]) & 0xFF;
        int green = toByte(planes[plane + at]) & 0xFF;
        int blue = toByte(planes[2 * plane + at]) & 0xFF;
        int opaque = opacity.length == 0 ? 0xFF : opacity[at] & 0xFF;
        row[x] = opaque << 24 | red << 16 | green << 8 | blue;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }

  private static byte toByte(float value) {
    return (byte) Math.round(Math.min(Math.max(value, 0), WHITE));
  }

  /** The picture that is meant where this one is stored in an orientation. */
  public ColourPlanes upright(Orientation stored) {
    if (stored == Orientation.TOP_LEFT) {
      return this;
    }
    int[] from = places(stored);
    float[] turned = new float[planes.length];
    for (int c = 0; c < COLOURS; c++) {
      int plane = c * from.length;
      for (int at = 0; at < from.length; at++) {
        turned[plane + at] = planes[plane + from[at]];
      }
    }
    return new ColourPlanes(
        stored.transposed() ? height : width,
        stored.transposed() ? width : height,
        turned,
        alpha.map(values -> turned(values, from)));
  }

  /** Where each pixel of the upright picture is stored. */
  private int[] places(Orientation stored) {
    int first = stored.firstRow(height) * width + stored.firstColumn(width);
    int right = stored.rightStride(1, width);
    int down = stored.downStride(1, width);
    int columns = stored.transposed() ? height : width;
    int[] places = new int[width * height];
    for (int at = 0; at < places.length; at++) {
      places[at] = first + at % columns * right + at / columns * down;
    }
    return places;
  }

  private static byte[] turned(byte[] values, int[] from) {
    byte[] turned = new byte[values.length];
    for (int at = 0; at < turned.length; at++) {
      turned[at] = values[from[at]];
    }
    return turned;
  }

  /** This picture with other colours and the same alpha. */
  public ColourPlanes withPlanes(float[] colours) {
    return new ColourPlanes(width, height, colours, alpha);
  }

  /** This picture without its alpha. */
  public ColourPlanes withoutAlpha() {
    return new ColourPlanes(width, height, planes, Optional.empty());
  }

  /** Whether every pixel is opaque. */
  public boolean opaque() {
    for (byte value : alpha.orElse(new byte[0])) {
      if (value != (byte) 0xFF) {
        return false;
      }
    }
    return true;
  }

  /**
   * The planes with {@code border} more rows and columns on each side that repeat the nearest pixel
   * of the picture: 3 x (height + 2 border) x (width + 2 border).
   */
  public float[] replicated(int border) {
    Shape padded = shape(width + 2 * border, height + 2 * border);
    float[] values = new float[padded.elements()];
    for (int c = 0; c < COLOURS; c++) {
      for (int y = 0; y < padded.h(); y++) {
        int from = (c * height + Math.clamp(y - border, 0, height - 1)) * width;
        int to = (c * padded.h() + y) * padded.w();
        System.arraycopy(planes, from, values, to + border, width);
        for (int x = 0; x < border; x++) {
          values[to + x] = planes[from];
          values[to + border + width + x] = planes[from + width - 1];
        }
      }
    }
    return values;
  }
}
