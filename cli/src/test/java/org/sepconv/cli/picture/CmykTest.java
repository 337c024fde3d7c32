package org.sepconv.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.twelvemonkeys.imageio.color.ColorSpaces;
import java.awt.color.ICC_ColorSpace;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.cli.ApplyRun;
import org.sepconv.conformance.file.PictureFiles;

/** JPEGs of four inks, as Adobe's programs write them: inverted, 0 is the most ink. */
class CmykTest {
  private static final int CMYK = 0;
  private static final int YCCK = 2;

  /** Pixels along the side of a patch: two blocks of a JPEG. */
  private static final int PATCH = 16;

  /** Cyan, magenta, yellow and black, 255 is the most. */
  private static final int[][] INKS = {
    {0, 0, 0, 0},
    {255, 0, 0, 0},
    {0, 255, 0, 0},
    {0, 0, 255, 0},
    {0, 0, 0, 255},
    {0, 255, 255, 0},
    {0, 0, 0, 100},
    {50, 100, 200, 30},
  };

  /**
   * What is left of white light, (1 - ink) (1 - black): without a profile nothing else is known.
   */
  private static final int[][] COLOURS = {
    {255, 255, 255},
    {0, 255, 255},
    {255, 0, 255},
    {255, 255, 0},
    {0, 0, 0},
    {255, 0, 0},
    {155, 155, 155},
    {181, 137, 49},
  };

  /** What JPEG loses; macOS and Windows have a profile of the inks of some press to assume. */
  private static final int TOLERANCE =
      ColorSpaces.getColorSpace(ColorSpaces.CS_GENERIC_CMYK) instanceof ICC_ColorSpace ? 120 : 4;

  @TempDir Path folder;

  @Test
  void cmykIsRead() throws IOException {
    assertColours(PictureFiles.withAdobe(PictureFiles.rawJpeg(patches(CMYK)), CMYK));
  }

  @Test
  void ycckIsRead() throws IOException {
    assertColours(PictureFiles.withAdobe(PictureFiles.rawJpeg(patches(YCCK)), YCCK));
  }

  private void assertColours(byte[] jpeg) throws IOException {
    Path in = Files.write(folder.resolve("in.jpg"), jpeg);
    Path out = folder.resolve("out.png");
    ApplyRun run = ApplyRun.of("filter", in, out);
    assertEquals(0, run.status(), run.err());
    assertTrue(run.err().startsWith("warning: " + in + ": No embedded ICC"), run.err());
    assertEquals(1, run.err().lines().count(), run.err());
    Raster pixels = ImageIO.read(out.toFile()).getRaster();
    assertEquals(COLOURS.length * PATCH, pixels.getWidth());
    assertEquals(PATCH, pixels.getHeight());
    for (int patch = 0; patch < COLOURS.length; patch++) {
      int[] found = pixels.getPixel(patch * PATCH + PATCH / 2, PATCH / 2, (int[]) null);
      for (int c = 0; c < 3; c++) {
        String place = Arrays.toString(INKS[patch]) + " became " + Arrays.toString(found);
        assertEquals(COLOURS[patch][c], found[c], TOLERANCE, place);
      }
    }
  }

  private static Raster patches(int transform) {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, INKS.length * PATCH, PATCH, 4, null);
    for (int y = 0; y < PATCH; y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        int[] inks = INKS[x / PATCH];
        raster.setPixel(x, y, transform == YCCK ? ycck(inks) : inverted(inks));
      }
    }
    return raster;
  }

  private static int[] inverted(int[] inks) {
    return Arrays.stream(inks).map(ink -> 255 - ink).toArray();
  }

  /** The three inks as if they were red, green and blue light, in JFIF's YCbCr; black inverted. */
  private static int[] ycck(int[] inks) {
    double y = 0.299 * inks[0] + 0.587 * inks[1] + 0.114 * inks[2];
    double cb = 128 + (inks[2] - y) / 1.772;
    double cr = 128 + (inks[0] - y) / 1.402;
    return new int[] {sample(y), sample(cb), sample(cr), 255 - inks[3]};
  }

  private static int sample(double value) {
    return Math.clamp(Math.round(value), 0, 255);
  }
}
