package org.sepconv.cli.picture;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;
import org.sepconv.Shape;
import org.sepconv.files.AtomicFile;

/**
 * Reads pictures of every format that the JDK knows, and JPEGs of four inks, and writes PNG and
 * JPEG. What is read is upright, whatever way the file has its pixels.
 */
final class PictureFile {
  private static final Map<String, String> FORMATS =
      Map.of("png", "png", "jpg", "jpeg", "jpeg", "jpeg");

  /** Formats in which several pictures in one file are pages or frames, not previews. */
  private static final Set<String> SEVERAL = Set.of("gif", "tif", "tiff");

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
  static Picture read(Path path, int border, Consumer<String> warnings) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no file " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException("cannot read %s: it is not a regular file".formatted(path));
    }
    if (!Files.isReadable(path)) {
      throw new IOException("cannot read %s: no permission".formatted(path));
    }
    try (ImageInputStream in = ImageIO.createImageInputStream(path.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IllegalArgumentException(
            path + " is not a picture that can be read: PNG, JPEG, GIF, BMP or TIFF");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, false, true);
        reader.addIIOReadWarningListener(warningsOf(path, warnings));
        String format = reader.getFormatName().toLowerCase(Locale.ROOT);
        Picture stored = decode(path, reader, format, border);
        return ExifOrientation.read(path, format, warnings).upright(stored);
      } finally {
        reader.dispose();
      }
    }
  }

  private static IIOReadWarningListener warningsOf(Path path, Consumer<String> warnings) {
    Set<String> told = new HashSet<>(); // decoders repeat themselves
    return (_, warning) -> {
      if (told.add(warning)) {
        warnings.accept(path + ": " + warning);
      }
    };
  }

  private static Picture decode(Path path, ImageReader reader, String format, int border)
      throws IOException {
    BufferedImage image;
    try {
      if (SEVERAL.contains(format) && reader.getNumImages(true) > 1) {
        throw new IllegalArgumentException(
            "%s holds %d pictures; save the wanted one on its own"
                .formatted(path, reader.getNumImages(true)));
      }
      checkFits(path, reader.getWidth(0), reader.getHeight(0), border);
      image = reader.read(0);
    } catch (IllegalArgumentException ours) {
      throw ours;
    } catch (IOException | RuntimeException damaged) {
      // The JDK's decoders throw index and null pointer exceptions too on damaged files.
      throw new IOException(
          "cannot decode %s as %s: %s".formatted(path, format, sentence(damaged)), damaged);
    }
    try {
      return Picture.of(image);
    } catch (IllegalArgumentException unknown) {
      throw new IllegalArgumentException(
          "cannot filter %s: %s".formatted(path, unknown.getMessage()), unknown);
    }
  }

  private static String sentence(Exception failure) {
    String message = failure.getMessage() == null ? "it is damaged" : failure.getMessage();
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null
        ? message
        : message + " (" + cause.getMessage() + ")";
  }

  /** Refuses from the size alone, before the pixels take any memory. */
  private static void checkFits(Path path, int width, int height, int border) {
    Shape padded;
    try {
      padded = Shape.of(Picture.COLOURS, height + 2 * border, width + 2 * border);
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
  static void write(Path path, Picture picture) throws IOException {
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
