package org.sepconv.vision;

import com.twelvemonkeys.imageio.metadata.CompoundDirectory;
import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.imageio.stream.ImageInputStream;

/**
 * Reads the orientation tag of a picture: from the EXIF segment of a JPEG, the {@code eXIf} chunk
 * of a PNG, or the first directory of a TIFF. EXIF is itself a small TIFF.
 */
final class ExifOrientation {
  private static final String EXIF = "Exif";

  /** In a segment, "Exif", a zero that ends it, and one that pads it come before the TIFF. */
  private static final int EXIF_HEADER = 6;

  private static final int PNG_SIGNATURE = 8;
  private static final int PNG_CHECKSUM = 4;
  private static final int PNG_EXIF = 'e' << 24 | 'X' << 16 | 'I' << 8 | 'f';
  private static final int PNG_END = 'I' << 24 | 'E' << 16 | 'N' << 8 | 'D';

  private ExifOrientation() {}

  /**
   * The orientation that a file gives for its picture; {@link Orientation#TOP_LEFT} where it gives
   * none.
   *
   * @param format as ImageIO names it, in lower case
   * @param warnings told when there is metadata that cannot be read
   */
  static Orientation read(byte[] file, String name, String format, Consumer<String> warnings) {
    try (ImageInputStream in = new ByteArrayImageInputStream(file)) {
      Optional<Number> tag =
          switch (format) {
            case "jpeg", "jpg" -> ofJpeg(in);
            case "png" -> ofPng(in);
            case "tif", "tiff" -> ofTiff(in);
            default -> Optional.empty();
          };
      // Some programs write 0 where they do not know.
      return tag.map(Number::intValue).flatMap(Orientation::of).orElse(Orientation.TOP_LEFT);
    } catch (IOException | RuntimeException damaged) {
      // The pixels may be whole all the same.
      warnings.accept(
          "%s: its EXIF metadata cannot be read, so the picture is not turned (%s)"
              .formatted(name, damaged));
      return Orientation.TOP_LEFT;
    }
  }

  private static Optional<Number> ofJpeg(ImageInputStream in) throws IOException {
    List<JPEGSegment> segments = JPEGSegmentUtil.readSegments(in, JPEG.APP1, EXIF);
    if (segments.isEmpty()) {
      return Optional.empty();
    }
    byte[] segment = segments.getFirst().segmentData().readAllBytes();
    return ofExif(Arrays.copyOfRange(segment, EXIF_HEADER, segment.length));
  }

  private static Optional<Number> ofPng(ImageInputStream in) throws IOException {
    in.seek(PNG_SIGNATURE);
    try {
      while (true) {
        long length = in.readUnsignedInt();
        int type = in.readInt();
        if (length > in.length() - in.getStreamPosition()) {
          return Optional.empty(); // before any memory is taken for it
        }
        if (type == PNG_EXIF) {
          byte[] exif = new byte[Math.toIntExact(length)];
          in.readFully(exif);
          return ofExif(exif);
        }
        if (type == PNG_END) {
          return Optional.empty();
        }
        in.seek(in.getStreamPosition() + length + PNG_CHECKSUM);
      }
    } catch (EOFException _) {
      return Optional.empty(); // cut short, which the decoder speaks of
    }
  }

  private static Optional<Number> ofExif(byte[] tiff) throws IOException {
    try (ImageInputStream in = new ByteArrayImageInputStream(tiff)) {
      return ofTiff(in);
    }
  }

  private static Optional<Number> ofTiff(ImageInputStream in) throws IOException {
    Directory directory = new TIFFReader().read(in);
    // The second one, if any, is of the thumbnail, or of another page.
    Directory first = directory instanceof CompoundDirectory all ? all.getDirectory(0) : directory;
    return Optional.ofNullable(first.getEntryById(TIFF.TAG_ORIENTATION))
        .map(Entry::getValue)
        .filter(Number.class::isInstance)
        .map(Number.class::cast);
  }
}
