package org.sepconv.vision;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.util.Arrays;

/** The samples of an image of the JDK, of any common kind, as a {@link Picture}. */
final class ImageSamples {
  private ImageSamples() {}

  /**
   * Without a copy where the image has 8 bits a colour as they are needed: the picture then shares
   * the image's memory.
   *
   * @throws IllegalArgumentException if it is of a kind that is not read, naming it
   */
  static Picture viewOf(BufferedImage image, Alpha alpha) {
    if (PixelStorage.of(image) == PixelStorage.COLOURS || image.isAlphaPremultiplied()) {
      return ofColours(image, alpha);
    }
    boolean mixed = image.getColorModel().hasAlpha() && alpha instanceof Alpha.Over;
    return !mixed && isShared(image) ? shared(image) : ofSamples(image, alpha);
  }

  private static boolean isShared(BufferedImage image) {
    Raster raster = image.getRaster();
    return raster.getSampleModel() instanceof ComponentSampleModel
        && raster.getDataBuffer() instanceof DataBufferByte buffer
        && buffer.getNumBanks() == 1
        && raster.getParent() == null
        && image.getColorModel().getComponentSize(0) == Byte.SIZE;
  }

  private static Picture shared(BufferedImage image) {
    Raster raster = image.getRaster();
    ComponentSampleModel samples = (ComponentSampleModel) raster.getSampleModel();
    DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
    int[] offsets = samples.getBandOffsets();
    boolean grey = image.getColorModel().getNumColorComponents() == 1;
    int start = buffer.getOffset();
    return new Picture(
        image.getWidth(),
        image.getHeight(),
        buffer.getData(),
        start + offsets[0],
        start + offsets[grey ? 0 : 1],
        start + offsets[grey ? 0 : 2],
        samples.getPixelStride(),
        samples.getScanlineStride());
  }

  private static Picture ofColours(BufferedImage image, Alpha alpha) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] samples = Picture.samples(width, height);
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int argb : row) {
        int opacity = argb >>> 24;
        samples[at++] = (byte) laid(Colours.red(argb), opacity, alpha, 16);
        samples[at++] = (byte) laid(Colours.green(argb), opacity, alpha, 8);
        samples[at++] = (byte) laid(Colours.blue(argb), opacity, alpha, 0);
      }
    }
    return Picture.ofRgb(width, height, samples);
  }

  /** The stored samples. Not {@code getRGB}: it takes grey for linear light and brightens it. */
  private static Picture ofSamples(BufferedImage image, Alpha alpha) {
    int width = image.getWidth();
    int height = image.getHeight();
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int colours = model.getNumColorComponents();
    byte[] samples = Picture.samples(width, height);
    int[] row = new int[width];
    int[] opacities = new int[width];
    Arrays.fill(opacities, Colours.WHITE);
    for (int y = 0; y < height; y++) {
      if (model.hasAlpha()) {
        raster.getSamples(0, y, width, 1, colours, opacities);
        toBytes(opacities, model.getComponentSize(colours));
      }
      for (int c = 0; c < Colours.COUNT; c++) {
        int band = colours == 1 ? 0 : c;
        raster.getSamples(0, y, width, 1, band, row);
        toBytes(row, model.getComponentSize(band));
        for (int x = 0; x < width; x++) {
          samples[(y * width + x) * Colours.COUNT + c] =
              (byte) laid(row[x], opacities[x], alpha, 16 - 8 * c);
        }
      }
    }
    return Picture.ofRgb(width, height, samples);
  }

  private static void toBytes(int[] row, int bits) {
    int most = (1 << bits) - 1;
    if (most != Colours.WHITE) {
      for (int x = 0; x < row.length; x++) {
        row[x] = (row[x] * Colours.WHITE + most / 2) / most;
      }
    }
  }

  private static int laid(int level, int opacity, Alpha alpha, int shift) {
    return switch (alpha) {
      case Alpha.Drop _ -> level;
      case Alpha.Over over -> {
        int below = over.rgb() >> shift & 0xFF;
        yield (level * opacity + below * (Colours.WHITE - opacity) + Colours.WHITE / 2)
            / Colours.WHITE;
      }
    };
  }
}
