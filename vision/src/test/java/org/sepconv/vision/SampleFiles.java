package org.sepconv.vision;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.sepconv.conformance.file.PictureFiles;

/** A small valid file of each kind that is read, by name. */
final class SampleFiles {
  static final int WIDTH = 23;
  static final int HEIGHT = 17;

  private SampleFiles() {}

  static Map<String, byte[]> all() throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    BufferedImage colour = drawn(BufferedImage.TYPE_INT_RGB);
    byte[] exif = PictureFiles.exif(ByteOrder.BIG_ENDIAN, 6);
    files.put("rgb.png", PictureFiles.png(colour));
    files.put("argb.png", PictureFiles.png(drawn(BufferedImage.TYPE_INT_ARGB)));
    files.put("grey16.png", PictureFiles.png(drawn(BufferedImage.TYPE_USHORT_GRAY)));
    files.put("palette.png", PictureFiles.png(drawn(BufferedImage.TYPE_BYTE_INDEXED)));
    files.put("exif.png", PictureFiles.withExifChunk(PictureFiles.png(colour), exif));
    files.put("interlaced.png", written("png", colour, true));
    files.put("rgb.jpg", written("jpeg", colour, false));
    files.put("grey.jpg", written("jpeg", drawn(BufferedImage.TYPE_BYTE_GRAY), false));
    files.put("exif.jpg", PictureFiles.withExif(written("jpeg", colour, false), exif));
    files.put("progressive.jpg", written("jpeg", colour, true));
    files.put("cmyk.jpg", PictureFiles.withAdobe(PictureFiles.rawJpeg(inks()), 0));
    files.put("rgb.gif", written("gif", colour, false));
    files.put("rgb.bmp", written("bmp", colour, false));
    files.put("palette.bmp", written("bmp", drawn(BufferedImage.TYPE_BYTE_INDEXED), false));
    files.put("rgb.tiff", PictureFiles.tiff(colour, 3));
    return files;
  }

  /** A GIF of two frames. */
  static byte[] twoFrames() throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.prepareWriteSequence(null);
      IIOImage frame = new IIOImage(drawn(BufferedImage.TYPE_BYTE_INDEXED), null, null);
      writer.writeToSequence(frame, null);
      writer.writeToSequence(frame, null);
      writer.endWriteSequence();
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  static BufferedImage drawn(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, (255 - x) << 24 | 10 * x << 16 | 15 * y << 8 | x * y % 256);
      }
    }
    return image;
  }

  private static Raster inks() {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, null);
    Random random = new Random(1);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        raster.setPixel(x, y, new int[] {10 * x, 15 * y, random.nextInt(40), 200});
      }
    }
    return raster;
  }

  private static byte[] written(String format, BufferedImage image, boolean progressive)
      throws IOException {
    Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format);
    ImageWriter writer = writers.next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (progressive) {
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
      }
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
