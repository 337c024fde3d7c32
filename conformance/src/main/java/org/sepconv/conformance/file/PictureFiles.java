package org.sepconv.conformance.file;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageOutputStream;

/** Small picture files as cameras and editors write them, for tests. */
public final class PictureFiles {
  private static final int SOI_LENGTH = 2;
  private static final int APP1 = 0xE1;
  private static final int APP2 = 0xE2;
  private static final int APP14 = 0xEE;

  /** After the signature and the header chunk. */
  private static final int PNG_CHUNKS = 33;

  private static final int ORIENTATION = 0x112;
  private static final int SHORT = 3;
  private static final int TIFF_HEADER = 8;
  private static final int DIRECTORY_LENGTH = 2 + 12 + 4;
  private static final int TIFF_LENGTH = TIFF_HEADER + DIRECTORY_LENGTH;

  private PictureFiles() {}

  /** Of the best quality. */
  public static byte[] jpeg(BufferedImage image) throws IOException {
    return write(
        ImageIO.getImageWritersByFormatName("jpeg").next(), new IIOImage(image, null, null));
  }

  /** As the JDK writes it. */
  public static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** A TIFF with an orientation tag. */
  public static byte[] tiff(BufferedImage image, int orientation) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("tiff").next();
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(
            new ImageTypeSpecifier(image), writer.getDefaultWriteParam());
    TIFFDirectory directory = TIFFDirectory.createFromMetadata(metadata);
    BaselineTIFFTagSet tags = BaselineTIFFTagSet.getInstance();
    directory.addTIFFField(
        new TIFFField(tags.getTag(BaselineTIFFTagSet.TAG_ORIENTATION), orientation));
    return write(writer, new IIOImage(image, null, directory.getAsMetadata()));
  }

  /** A JPEG of components as they are, whatever they mean: nothing is converted or marked. */
  public static byte[] rawJpeg(Raster components) throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName("jpeg");
    ImageWriter writer = writers.next();
    while (!writer.canWriteRasters()) {
      writer = writers.next();
    }
    return write(writer, new IIOImage(components, null, null));
  }

  private static byte[] write(ImageWriter writer, IIOImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (writer.getOriginatingProvider().getFormatNames()[0].equalsIgnoreCase("jpeg")) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(1);
      }
      writer.setOutput(out);
      writer.write(null, image, parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** With an EXIF segment, first in the file, where cameras write it. */
  public static byte[] withExif(byte[] jpeg, byte[] exif) {
    byte[] name = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    return withSegment(
        jpeg, APP1, ByteBuffer.allocate(name.length + exif.length).put(name).put(exif).array());
  }

  /**
   * With the segment by which Adobe's programs say what the components are.
   *
   * @param transform 0 = CMYK or RGB, 2 = YCCK
   */
  public static byte[] withAdobe(byte[] jpeg, int transform) {
    byte[] name = "Adobe".getBytes(StandardCharsets.US_ASCII);
    return withSegment(
        jpeg,
        APP14,
        ByteBuffer.allocate(12)
            .put(name)
            .putShort((short) 100)
            .putInt(0)
            .put((byte) transform)
            .array());
  }

  /** With a colour profile of less than 64 kB. */
  public static byte[] withProfile(byte[] jpeg, byte[] profile) {
    byte[] name = "ICC_PROFILE\0\1\1".getBytes(StandardCharsets.US_ASCII); // part 1 of 1
    return withSegment(
        jpeg,
        APP2,
        ByteBuffer.allocate(name.length + profile.length).put(name).put(profile).array());
  }

  private static byte[] withSegment(byte[] jpeg, int marker, byte[] data) {
    return ByteBuffer.allocate(jpeg.length + 4 + data.length)
        .put(jpeg, 0, SOI_LENGTH)
        .put((byte) 0xFF)
        .put((byte) marker)
        .putShort((short) (2 + data.length))
        .put(data)
        .put(jpeg, SOI_LENGTH, jpeg.length - SOI_LENGTH)
        .array();
  }

  /** A PNG with an {@code eXIf} chunk. */
  public static byte[] withExifChunk(byte[] png, byte[] exif) {
    byte[] name = "eXIf".getBytes(StandardCharsets.US_ASCII);
    CRC32 checksum = new CRC32();
    checksum.update(name);
    checksum.update(exif);
    return ByteBuffer.allocate(png.length + 12 + exif.length)
        .put(png, 0, PNG_CHUNKS)
        .putInt(exif.length)
        .put(name)
        .put(exif)
        .putInt((int) checksum.getValue())
        .put(png, PNG_CHUNKS, png.length - PNG_CHUNKS)
        .array();
  }

  /** EXIF of one orientation tag. */
  public static byte[] exif(ByteOrder order, int orientation) {
    return exif(order, ORIENTATION, orientation, 0);
  }

  /** EXIF whose tag of the picture is another one, with an orientation of its thumbnail. */
  public static byte[] exifOfThumbnail(int orientation) {
    byte[] picture = exif(ByteOrder.BIG_ENDIAN, ORIENTATION - 1, 1, TIFF_LENGTH);
    byte[] thumbnail = exif(ByteOrder.BIG_ENDIAN, ORIENTATION, orientation, 0);
    return ByteBuffer.allocate(TIFF_LENGTH + DIRECTORY_LENGTH)
        .put(picture)
        .put(thumbnail, TIFF_HEADER, DIRECTORY_LENGTH)
        .array();
  }

  private static byte[] exif(ByteOrder order, int tag, int value, int next) {
    return ByteBuffer.allocate(TIFF_LENGTH)
        .put((order == ByteOrder.BIG_ENDIAN ? "MM" : "II").getBytes(StandardCharsets.US_ASCII))
        .order(order)
        .putShort((short) 42)
        .putInt(TIFF_HEADER)
        .putShort((short) 1) // entries
        .putShort((short) tag)
        .putShort((short) SHORT)
        .putInt(1) // values
        .putShort((short) value)
        .putShort((short) 0)
        .putInt(next)
        .array();
  }
}
