package org.sepconv.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cli.ApplyRun;
import org.sepconv.conformance.file.PictureFiles;
import org.sepconv.vision.filter.ColourPlanes;

/**
 * Pictures of six cells, {@code abc} above {@code def} when they are upright. A row of cells ends
 * with a {@code /}.
 */
class OrientationTest {
  private static final String UPRIGHT = "abc/def";

  /** Pixels along the side of a cell: a block of a JPEG with its colours at half the resolution. */
  private static final int CELL = 16;

  @TempDir Path folder;

  /** From TIFF 6.0: where the first stored row and column are in the picture. */
  @ParameterizedTest
  @CsvSource({
    "1, abc/def", // top, left
    "2, cba/fed", // top, right
    "3, fed/cba", // bottom, right
    "4, def/abc", // bottom, left
    "5, ad/be/cf", // left, top
    "6, cf/be/ad", // right, top
    "7, fc/eb/da", // right, bottom
    "8, da/eb/fc", // left, bottom
  })
  void picturesAreTurnedUpright(int orientation, String stored) throws IOException {
    BufferedImage image = image(stored, BufferedImage.TYPE_INT_RGB);
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      byte[] exif = PictureFiles.exif(order, orientation);
      assertUpright(PictureFiles.withExif(PictureFiles.jpeg(image), exif));
      assertUpright(PictureFiles.withExifChunk(PictureFiles.png(image), exif));
    }
    assertUpright(PictureFiles.tiff(image, orientation));
  }

  private void assertUpright(byte[] file) throws IOException {
    List<String> warnings = new ArrayList<>();
    assertEquals(UPRIGHT, cells(read(file, warnings)));
    assertEquals(List.of(), warnings);
  }

  @Test
  void alphaIsTurnedWithTheColours() throws IOException {
    BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
    for (int at = 0; at < 6; at++) {
      image.setRGB(at % 3, at / 3, (10 * at + 9) << 24 | at);
    }
    byte[] exif = PictureFiles.exif(ByteOrder.BIG_ENDIAN, 6);
    ColourPlanes picture =
        read(PictureFiles.withExifChunk(PictureFiles.png(image), exif), new ArrayList<>());
    assertEquals(2, picture.width());
    assertEquals(3, picture.height());
    assertArrayEquals(new byte[] {39, 9, 49, 19, 59, 29}, picture.alpha().orElseThrow());
    float[] blue = java.util.Arrays.copyOfRange(picture.planes(), 12, 18);
    assertArrayEquals(new float[] {3, 0, 4, 1, 5, 2}, blue);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 9, 65535})
  void valuesWithoutAMeaningTurnNothing(int orientation) throws IOException {
    byte[] jpeg = PictureFiles.jpeg(image(UPRIGHT, BufferedImage.TYPE_INT_RGB));
    assertUpright(
        PictureFiles.withExif(jpeg, PictureFiles.exif(ByteOrder.BIG_ENDIAN, orientation)));
  }

  @Test
  void theOrientationOfAThumbnailIsNotThePictures() throws IOException {
    byte[] jpeg = PictureFiles.jpeg(image(UPRIGHT, BufferedImage.TYPE_INT_RGB));
    assertUpright(PictureFiles.withExif(jpeg, PictureFiles.exifOfThumbnail(6)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "M", "XX\0\0", "MM\0*", "MM\0*\177\177\177\177", "MM\0*\0\0\0\10\177\177"})
  void damagedExifIsToldAndThePictureIsReadAsItIs(String exif) throws IOException {
    byte[] bytes = exif.getBytes(StandardCharsets.ISO_8859_1);
    byte[] jpeg = PictureFiles.jpeg(image(UPRIGHT, BufferedImage.TYPE_INT_RGB));
    List<String> warnings = new ArrayList<>();
    assertEquals(UPRIGHT, cells(read(PictureFiles.withExif(jpeg, bytes), warnings)));
    assertEquals(1, warnings.size(), warnings.toString());
    String warning = warnings.getFirst();
    assertTrue(warning.contains("in: its EXIF metadata cannot be read, so"), warning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.png", "out.jpg"})
  void filterWritesUprightPictures(String name) throws IOException {
    Path in = folder.resolve("in.jpg");
    Path out = folder.resolve(name);
    byte[] jpeg = PictureFiles.jpeg(image("cf/be/ad", BufferedImage.TYPE_INT_RGB));
    Files.write(in, PictureFiles.withExif(jpeg, PictureFiles.exif(ByteOrder.LITTLE_ENDIAN, 6)));
    ApplyRun run = ApplyRun.of("filter", in, out);
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertTrue(run.out().contains(": 48x32 pixels"), run.out());
    assertEquals(UPRIGHT, cells(ColourPlanes.of(ImageIO.read(out.toFile()))));
    String written = Files.readString(out, StandardCharsets.ISO_8859_1);
    assertFalse(
        written.contains("Exif") || written.contains("eXIf"), "turned once more by a viewer");
  }

  private ColourPlanes read(byte[] file, List<String> warnings) throws IOException {
    return PictureFile.read(Files.write(folder.resolve("in"), file), 1, warnings::add);
  }

  private static BufferedImage image(String cells, int type) {
    String[] rows = cells.split("/");
    BufferedImage image = new BufferedImage(rows[0].length() * CELL, rows.length * CELL, type);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, colour(rows[y / CELL].charAt(x / CELL)));
      }
    }
    return image;
  }

  private static int colour(char cell) {
    int level = 40 * (cell - 'a');
    return level << 16 | (255 - level) << 8 | 100;
  }

  private static String cells(ColourPlanes picture) {
    StringBuilder cells = new StringBuilder();
    int plane = picture.width() * picture.height();
    for (int y = CELL / 2; y < picture.height(); y += CELL) {
      for (int x = CELL / 2; x < picture.width(); x += CELL) {
        int at = y * picture.width() + x;
        char cell = (char) ('a' + Math.round(picture.planes()[at] / 40));
        assertEquals(colour(cell) >> 8 & 0xFF, picture.planes()[plane + at], 8);
        assertEquals(100, picture.planes()[2 * plane + at], 8);
        cells.append(cell);
      }
      cells.append(y + CELL < picture.height() ? "/" : "");
    }
    return cells.toString();
  }
}
