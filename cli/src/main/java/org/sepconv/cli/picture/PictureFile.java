package org.sepconv.cli.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.sepconv.Shape;
import org.sepconv.files.AtomicFile;
import org.sepconv.vision.DecodedImage;
import org.sepconv.vision.PictureDecoder;
import org.sepconv.vision.PictureSize;
import org.sepconv.vision.filter.ColourPlanes;

/**
 * Reads pictures of every format that the JDK knows, and JPEGs of four inks, and writes PNG and
 * JPEG. What is read is upright, whatever way the file has its pixels.
 */
final class PictureFile {
  private static final Map<String, String> FORMATS =
      Map.of("png", "png", "jpg", "jpeg", "jpeg", "jpeg");

  private static final float JPEG_QUALITY = 0.95f;

  /**
   * Memory for one pixel at the worst time: the picture, its padded copy and the result on the heap
   * (3 floats each), the source, the destination and up to 6 channels between the stages as tensors
   * of the backend.
   */
  private static final int BYTES_PER_PIXEL = Float.BYTES * (3 + 3 + 3 + 3 + 3 + 6);

  private PictureFile() {}

  /**
   * Reads a picture and turns it upright.
   *
   * @param border rows and columns that the filter will add on each side
   * @param warnings takes what the decoder complained of and went on: a file cut short, for one
   * @throws IOException if it is missing, unreadable, not a picture or damaged, in one sentence
   * @throws IllegalArgumentException if it is too large to be filtered here, or of a kind that is
   *     not read
   */
  static ColourPlanes read(Path path, int border, Consumer<String> warnings) throws IOException {
    PictureDecoder decoder =
        PictureDecoder.standard()
            .withMaxPixels(Shape.MAX_ELEMENTS) // less by checkFits, which knows what follows
            .withSeveral(PictureDecoder.Several.REFUSE)
            .withTruncated(PictureDecoder.Truncated.KEEP)
            .withWarnings(warnings);
    checkFits(path, decoder.size(path), border);
    DecodedImage decoded = decoder.image(path);
    try {
      return ColourPlanes.of(decoded.image()).upright(decoded.orientation());
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "cannot filter %s: %s".formatted(path, unknown.getMessage()), unknown);
    }
  }

  /** Refuses from the size alone, before the pixels take any memory. */
  private static void checkFits(Path path, PictureSize size, int border) {
    int width = size.width();
    int height = size.height();
    Shape padded;
    try {
      padded = Shape.of(ColourPlanes.COLOURS, height + 2 * border, width + 2 * border);
    } catch (IllegalArgumentException tooLarge) {
      throw new IllegalArgumentException(
          "%s is too large: %s".formatted(path, tooLarge.getMessage()), tooLarge);
    }
    Runtime runtime = Runtime.getRuntime();
    long free = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
    long needed = (long) padded.h() * padded.w() * BYTES_PER_PIXEL;
    if (needed > free) {
      throw new IllegalArgumentException(
          "%s has %dx%d pixels, which takes %d MB or more, but %d MB of heap are free; give more with JAVA_OPTS=-Xmx..."
              .formatted(path, width, height, needed >> 20, free >> 20));
    }
  }

  /**
   * Refuses a name that does not end in .png, .jpg or .jpeg, or cannot be written, before anything
   * is computed.
   *
   * @throws IllegalArgumentException if the format is another one
   * @throws IOException if there is no such folder, or no permission
   */
  static void checkTarget(Path path) throws IOException {
    format(path);
    AtomicFile.check(path);
  }

  private static String format(Path path) {
    String name = String.valueOf(path.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (!name.contains(".") || !FORMATS.containsKey(extension)) {
      throw new IllegalArgumentException(
          "cannot write %s: its name must end in .png, .jpg or .jpeg".formatted(path));
    }
    return FORMATS.get(extension);
  }

  /**
   * Writes a picture in the format that the name says, 8 bits a colour, whole or not at all.
   *
   * @throws IllegalArgumentException if JPEG was asked for, but there is transparency
   * @throws IOException if it cannot be written; an old file then stays as it was
   */
  static void write(Path path, ColourPlanes picture) throws IOException {
    String format = format(path);
    boolean jpeg = format.equals("jpeg");
    if (jpeg && !picture.opaque()) {
      throw new IllegalArgumentException(
          "cannot write %s: the picture has transparent pixels, which JPEG does not know; write a .png"
              .formatted(path));
    }
    BufferedImage image = (jpeg ? picture.withoutAlpha() : picture).toImage();
    AtomicFile.write(path, out -> encode(image, format, jpeg, out));
  }

  private static void encode(BufferedImage image, String format, boolean jpeg, OutputStream out)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (jpeg) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
  }
}
