package org.sepconv.vision;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Decodes picture files, which may come from anyone: PNG, JPEG (CMYK as well), GIF, BMP, TIFF, and
 * whatever else the ImageIO plugins on the class path read. What a file claims is checked against
 * the limits before memory is taken for it. Immutable; any number of threads may use one.
 *
 * <p>The colours are the stored samples, as PIL and the networks take them: colour profiles are not
 * applied (but to CMYK, which has no other meaning), 16 bits are rounded to 8.
 *
 * @param maxPixels a picture of more is refused
 * @param maxBytes a file of more is refused
 * @param alpha what becomes of transparency
 * @param upright whether pictures are turned as their EXIF data say
 * @param several which of several pictures in one file is taken
 * @param truncated what becomes of a JPEG that was cut short
 * @param warnings takes what is told, once each, where decoding goes on: damaged EXIF data, for one
 */
public record PictureDecoder(
    long maxPixels,
    long maxBytes,
    Alpha alpha,
    boolean upright,
    Several several,
    Truncated truncated,
    Consumer<String> warnings) {

  /** The limit of pixels unless another is given: 100 million. */
  public static final long MAX_PIXELS = 100_000_000;

  /** The limit of a file's bytes unless another is given: 512 MB. */
  public static final long MAX_BYTES = 512L << 20;

  /** What is done with the frames of a GIF and the pages of a TIFF. */
  public enum Several {
    /** The first one is taken. */
    FIRST,
    /** A file that holds more than one is refused. */
    REFUSE
  }

  /** What is done with a JPEG that ends too early; other formats are refused in any case. */
  public enum Truncated {
    /** It is refused, as PIL does. */
    REFUSE,
    /** What is missing is grey, and a warning says so. */
    KEEP
  }

  public PictureDecoder {
    requirePositive("maxPixels", maxPixels);
    requirePositive("maxBytes", maxBytes);
    Objects.requireNonNull(alpha, "alpha");
    Objects.requireNonNull(several, "several");
    Objects.requireNonNull(truncated, "truncated");
    Objects.requireNonNull(warnings, "warnings");
  }

  private static void requirePositive(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, but must be at least 1".formatted(what, value));
    }
  }

  /**
   * 100 million pixels and 512 MB at most; alpha dropped; turned upright; the first of several; cut
   * short is refused; warnings go nowhere.
   */
  public static PictureDecoder standard() {
    return new PictureDecoder(
        MAX_PIXELS, MAX_BYTES, Alpha.drop(), true, Several.FIRST, Truncated.REFUSE, _ -> {});
  }

  public PictureDecoder withMaxPixels(long limit) {
    return new PictureDecoder(limit, maxBytes, alpha, upright, several, truncated, warnings);
  }

  public PictureDecoder withMaxBytes(long limit) {
    return new PictureDecoder(maxPixels, limit, alpha, upright, several, truncated, warnings);
  }

  public PictureDecoder withAlpha(Alpha other) {
    return new PictureDecoder(maxPixels, maxBytes, other, upright, several, truncated, warnings);
  }

  public PictureDecoder withUpright(boolean turned) {
    return new PictureDecoder(maxPixels, maxBytes, alpha, turned, several, truncated, warnings);
  }

  public PictureDecoder withSeveral(Several other) {
    return new PictureDecoder(maxPixels, maxBytes, alpha, upright, other, truncated, warnings);
  }

  public PictureDecoder withTruncated(Truncated other) {
    return new PictureDecoder(maxPixels, maxBytes, alpha, upright, several, other, warnings);
  }

  public PictureDecoder withWarnings(Consumer<String> other) {
    return new PictureDecoder(maxPixels, maxBytes, alpha, upright, several, truncated, other);
  }

  /**
   * Decodes a file.
   *
   * @throws PictureException if there is no such file or it cannot be decoded
   */
  public Picture decode(Path path) throws PictureException {
    return decode(bytes(path), path.toString());
  }

  /**
   * Decodes what an input stream gives until its end. It is not closed.
   *
   * @param name what errors call it
   * @throws PictureException if it cannot be read or decoded
   */
  public Picture decode(InputStream in, String name) throws PictureException {
    return decode(bytes(in, name), name);
  }

  /**
   * Decodes the content of a file.
   *
   * @param name what errors call it
   * @throws PictureException if it cannot be decoded
   */
  public Picture decode(byte[] file, String name) throws PictureException {
    DecodedImage decoded = image(file, name);
    try {
      Picture stored = ImageSamples.viewOf(decoded.image(), alpha);
      return upright ? stored.turned(decoded.orientation()).packedIfTransposed() : stored;
    } catch (RuntimeException unknown) {
      throw new PictureException(
          name, "cannot use %s: %s".formatted(name, unknown.getMessage()), unknown);
    }
  }

  /**
   * Decodes a file to what ImageIO makes of it, with its orientation.
   *
   * @throws PictureException if there is no such file or it cannot be decoded
   */
  public DecodedImage image(Path path) throws PictureException {
    return image(bytes(path), path.toString());
  }

  /**
   * Decodes the content of a file to what ImageIO makes of it, with its orientation.
   *
   * @throws PictureException if it cannot be decoded
   */
  public DecodedImage image(byte[] file, String name) throws PictureException {
    try (OpenPicture open = OpenPicture.of(file, name, this)) {
      return new DecodedImage(
          open.read(), open.format(), ExifOrientation.read(file, name, open.format(), warnings));
    }
  }

  /**
   * The size that a file says its picture has. No pixel is decoded, and no limit of them applies.
   *
   * @throws PictureException if there is no such file or it is not a picture
   */
  public PictureSize size(Path path) throws PictureException {
    try (OpenPicture open = OpenPicture.of(bytes(path), path.toString(), this)) {
      return open.size();
    }
  }

  private byte[] bytes(Path path) throws PictureException {
    String name = path.toString();
    if (!Files.exists(path)) {
      throw new PictureException(name, "there is no file " + name);
    }
    if (!Files.isRegularFile(path)) {
      throw new PictureException(name, "cannot read %s: it is not a regular file".formatted(name));
    }
    if (!Files.isReadable(path)) {
      throw new PictureException(name, "cannot read %s: no permission".formatted(name));
    }
    try (InputStream in = Files.newInputStream(path)) {
      return bytes(in, name);
    } catch (PictureException ours) {
      throw ours;
    } catch (IOException failure) {
      throw new PictureException(
          name, "cannot read %s: %s".formatted(name, failure.getMessage()), failure);
    }
  }

  private byte[] bytes(InputStream in, String name) throws PictureException {
    int limit = (int) Math.min(maxBytes, Integer.MAX_VALUE - 16);
    byte[] file;
    try {
      file = in.readNBytes(limit);
      if (file.length < limit || in.read() < 0) {
        return file;
      }
    } catch (IOException failure) {
      throw new PictureException(
          name, "cannot read %s: %s".formatted(name, failure.getMessage()), failure);
    }
    throw new PictureException(
        name,
        "%s has more than %d bytes, the limit; give more with withMaxBytes".formatted(name, limit));
  }
}
