package org.sepconv.vision;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.image.BufferedImage;
import java.awt.image.SampleModel;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;
import org.sepconv.vision.PictureDecoder.Several;
import org.sepconv.vision.PictureDecoder.Truncated;

/**
 * A picture file and the decoder that takes it. Whatever a decoder throws becomes a {@link
 * PictureException} here: those of the JDK throw index and null pointer exceptions too on damaged
 * files, and out-of-memory errors where a file claims a part of two billion bytes.
 */
final class OpenPicture implements AutoCloseable {
  private static final String TIFF = "tif";

  /** Formats in which several pictures in one file are pages or frames, not previews. */
  private static final Set<String> SEVERAL = Set.of("gif", TIFF, "tiff");

  /** Any file that begins with two zeros would be a picture of this format. */
  private static final String WIRELESS_BITMAP = "wbmp";

  /** Far more than any camera's, but a bound for tables whose length is that of a side. */
  private static final int MAX_SIDE = 1 << 20;

  /** Four inks, transparency, and some to spare: a damaged TIFF may claim thousands. */
  private static final int MOST_BANDS = 8;

  private final byte[] file;
  private final String name;
  private final PictureDecoder options;
  private final ImageInputStream in;
  private final ImageReader reader;
  private final String format;

  private OpenPicture(
      byte[] file, String name, PictureDecoder options, ImageInputStream in, ImageReader reader)
      throws IOException {
    this.file = file;
    this.name = name;
    this.options = options;
    this.in = in;
    this.reader = reader;
    this.format = reader.getFormatName().toLowerCase(Locale.ROOT);
    reader.setInput(in, false, true);
    reader.addIIOReadWarningListener(warningsOf(name, options.warnings()));
  }

  static OpenPicture of(byte[] file, String name, PictureDecoder options) throws PictureException {
    ImageInputStream in = new ByteArrayImageInputStream(file);
    try {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      while (readers.hasNext()) {
        ImageReader reader = readers.next();
        if (!reader.getFormatName().equalsIgnoreCase(WIRELESS_BITMAP)) {
          if (reader.getFormatName().equalsIgnoreCase(TIFF)) {
            requireFitting(file, name);
          }
          return new OpenPicture(file, name, options, in, reader);
        }
        reader.dispose();
      }
    } catch (PictureException ours) {
      throw ours;
    } catch (IOException | RuntimeException damaged) {
      throw damaged(name, "a picture", damaged);
    }
    throw new PictureException(
        name, name + " is not a picture that can be read: PNG, JPEG, GIF, BMP or TIFF");
  }

  private static void requireFitting(byte[] file, String name) throws PictureException {
    Optional<String> problem = TiffFields.problem(file);
    if (problem.isPresent()) {
      throw new PictureException(
          name, "cannot decode %s as tif: %s".formatted(name, problem.orElseThrow()));
    }
  }

  private static IIOReadWarningListener warningsOf(String name, Consumer<String> warnings) {
    Set<String> told = new HashSet<>(); // decoders repeat themselves
    return (_, warning) -> {
      if (told.add(warning)) {
        warnings.accept(name + ": " + warning);
      }
    };
  }

  String format() {
    return format;
  }

  PictureSize size() throws PictureException {
    return guarded(() -> new PictureSize(reader.getWidth(0), reader.getHeight(0)));
  }

  BufferedImage read() throws PictureException {
    return guarded(this::checkedAndRead);
  }

  private BufferedImage checkedAndRead() throws IOException {
    if (options.several() == Several.REFUSE && SEVERAL.contains(format) && hasSecond()) {
      throw refusal("%s holds more than one picture; save the wanted one on its own", name);
    }
    checkPixels(new PictureSize(reader.getWidth(0), reader.getHeight(0)));
    checkPixels(new PictureSize(reader.getTileWidth(0), reader.getTileHeight(0)));
    if (format.equals("jpeg")
        && options.truncated() == Truncated.REFUSE
        && JpegEnd.isMissing(file)) {
      throw refusal("cannot decode %s as jpeg: it is cut short, its end is missing", name);
    }
    BufferedImage image = reader.read(0);
    return format.equals("gif") ? onScreen(image) : image;
  }

  /**
   * Not by the number of pictures: the JDK's reader of TIFF counts for ever, and takes memory for
   * each, where the last of the directories names an earlier one as the next.
   */
  private boolean hasSecond() throws IOException {
    try {
      reader.getWidth(1);
      return true;
    } catch (IndexOutOfBoundsException _) {
      return false;
    }
  }

  /** Refuses from the header alone, before the pixels take any memory. */
  private void checkPixels(PictureSize size) throws IOException {
    if (size.pixels() > options.maxPixels()) {
      throw refusal(
          "%s is too large: %s pixels are more than the limit of %d; give more with withMaxPixels",
          name, size, options.maxPixels());
    }
    if (Math.max(size.width(), size.height()) > MAX_SIDE) {
      throw refusal(
          "%s is too large: a side of %s pixels is longer than the limit of %d",
          name, size, MAX_SIDE);
    }
    // The decoder's image, and a copy of it that is turned upright or has its colours looked up.
    long needed = size.pixels() * (bytesPerPixel() + Colours.COUNT);
    long most = Runtime.getRuntime().maxMemory();
    if (needed > most) {
      throw refusal(
          "%s is too large: %s pixels take %d MB to decode, but java may have %d MB; give more with -Xmx",
          name, size, needed >> 20, most >> 20);
    }
  }

  private long bytesPerPixel() throws IOException {
    Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
    if (!types.hasNext()) {
      return Colours.COUNT;
    }
    SampleModel samples = types.next().getSampleModel(1, 1);
    if (samples.getNumBands() > MOST_BANDS) {
      throw refusal(
          "%s has %d values for each pixel, more than the %d that pictures for people may have",
          name, samples.getNumBands(), MOST_BANDS);
    }
    int bits = 0;
    for (int band = 0; band < samples.getNumBands(); band++) {
      bits += samples.getSampleSize(band);
    }
    return Math.max(1, bits / Byte.SIZE);
  }

  /** The first frame of a GIF at its place on the whole screen, which may be larger. */
  private BufferedImage onScreen(BufferedImage frame) throws IOException {
    GifScreen screen = GifScreen.of(file, reader.getImageMetadata(0));
    if (screen.isFilledBy(frame)) {
      return frame;
    }
    checkPixels(screen.size());
    return screen.with(frame);
  }

  private PictureException refusal(String message, Object... values) {
    return new PictureException(name, message.formatted(values));
  }

  private interface Reading<T> {
    T read() throws IOException;
  }

  private <T> T guarded(Reading<T> reading) throws PictureException {
    try {
      return reading.read();
    } catch (PictureException ours) {
      throw ours;
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError damaged) {
      throw damaged(name, format, damaged);
    }
  }

  private static PictureException damaged(String name, String format, Throwable failure) {
    return new PictureException(
        name, "cannot decode %s as %s: %s".formatted(name, format, sentence(failure)), failure);
  }

  private static String sentence(Throwable failure) {
    if (failure instanceof Error) {
      return "its parts claim more memory than there is (%s)".formatted(failure);
    }
    String message = failure.getMessage() == null ? "it is damaged" : failure.getMessage();
    Throwable cause = failure.getCause();
    return cause == null || cause.getMessage() == null
        ? message
        : message + " (" + cause.getMessage() + ")";
  }

  @Override
  public void close() throws PictureException {
    reader.dispose();
    try {
      in.close();
    } catch (IOException failure) {
      throw damaged(name, format, failure); // from memory: it cannot be
    }
  }
}
