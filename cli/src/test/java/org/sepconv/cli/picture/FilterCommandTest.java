package org.sepconv.cli.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cli.ApplyRun;
import org.sepconv.cli.FakeProvider.Behaviour;

class FilterCommandTest {
  @TempDir Path folder;
  private Path in;
  private Path out;

  @BeforeEach
  void name() {
    in = folder.resolve("in.png");
    out = folder.resolve("out.png");
  }

  @Test
  void identityGivesTheSamePicture() throws IOException {
    BufferedImage picture = noise(13, 7, BufferedImage.TYPE_INT_RGB);
    save(picture);
    assertSame(picture, filter("--depthwise=identity", "--pointwise=identity"));
    assertSame(picture, filter("--size=31"));
  }

  @Test
  void alphaIsKept() throws IOException {
    BufferedImage picture = noise(9, 8, BufferedImage.TYPE_INT_ARGB);
    save(picture);
    assertSame(picture, filter());
    BufferedImage inverted = filter("--depthwise=blur", "--pointwise=invert");
    for (int y = 0; y < 8; y++) {
      for (int x = 0; x < 9; x++) {
        assertEquals(picture.getRGB(x, y) >>> 24, inverted.getRGB(x, y) >>> 24);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "identity, 3",
    "blur, 3",
    "blur, 31",
    "gaussian, 3",
    "gaussian, 31",
    "sharpen, 3",
    "emboss, 3"
  })
  void aConstantPictureStaysConstantUpToItsBorders(String kernel, int size) throws IOException {
    save(constant(5, 4, 0x0A80FE));
    assertSame(constant(5, 4, 0x0A80FE), filter("--depthwise", kernel, "--size=" + size));
  }

  @Test
  void sobelAnswersAnEdgeWithItsHeightTimesFour() throws IOException {
    // Left 100, right 120: |4 x 20| beside the edge, and the same where it falls.
    BufferedImage picture = constant(8, 5, 0x646464);
    for (int y = 0; y < 5; y++) {
      for (int x = 3; x < 6; x++) {
        picture.setRGB(x, y, 0xFF787878);
      }
    }
    save(picture);
    BufferedImage edges = filter("--depthwise=sobel-x");
    int[] expected = {0, 0, 80, 80, 0, 80, 80, 0};
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 8; x++) {
        assertEquals(expected[x] * 0x010101, edges.getRGB(x, y) & 0xFFFFFF, x + "," + y);
      }
    }
    assertSame(constant(8, 5, 0), filter("--depthwise=sobel-y"));
  }

  @Test
  void sobelYAnswersTheTransposedPicture() throws IOException {
    BufferedImage picture = noise(6, 6, BufferedImage.TYPE_INT_RGB);
    save(picture);
    BufferedImage horizontal = filter("--depthwise=sobel-x");
    save(transposed(picture));
    assertSame(transposed(horizontal), filter("--depthwise=sobel-y"));
  }

  @Test
  void blurIsTheMeanOfThePixelsAround() throws IOException {
    BufferedImage picture = constant(5, 5, 0);
    picture.setRGB(2, 2, 0xFFFF0000);
    save(picture);
    BufferedImage blurred = filter("--depthwise=blur");
    for (int y = 0; y < 5; y++) {
      for (int x = 0; x < 5; x++) {
        boolean near = Math.abs(x - 2) <= 1 && Math.abs(y - 2) <= 1;
        assertEquals(near ? 28 << 16 : 0, blurred.getRGB(x, y) & 0xFFFFFF); // 255 / 9 = 28.3
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "identity, 0x102030, 0x102030",
    "luma, 0xFF0000, 0x4C4C4C", // 76.2
    "luma, 0x00FF00, 0x969696", // 149.7
    "luma, 0xFFFFFF, 0xFFFFFF",
    "sepia, 0xFFFFFF, 0xFFFFEF", // 344.5 and 306.8 clamped, 238.9
    "sepia, 0x000000, 0x000000",
    "sepia, 0x640000, 0x27231B", // 39.3, 34.9, 27.2
    "invert, 0x0010FF, 0xFFEF00",
    "swap, 0x102030, 0x302010",
    "red, 0x102030, 0x101010",
    "green, 0x102030, 0x202020",
    "blue, 0x102030, 0x303030",
  })
  void coloursAreTransformed(String matrix, String from, String to) throws IOException {
    save(constant(2, 2, Integer.decode(from)));
    assertSame(constant(2, 2, Integer.decode(to)), filter("--pointwise", matrix));
  }

  @Test
  void sobelAndColoursCombine() throws IOException {
    BufferedImage picture = constant(4, 3, 0);
    for (int y = 0; y < 3; y++) {
      picture.setRGB(2, y, 0xFF00000A);
      picture.setRGB(3, y, 0xFF00000A);
    }
    save(picture);
    BufferedImage edges = filter("--depthwise=sobel-x", "--pointwise=swap");
    assertEquals(40 << 16, edges.getRGB(1, 1) & 0xFFFFFF);
    edges = filter("--depthwise=sobel-x", "--pointwise=invert");
    assertEquals(0xFFFFD7, edges.getRGB(1, 1) & 0xFFFFFF);
  }

  @Test
  void saysWhatItDid() throws IOException {
    save(constant(5, 4, 0));
    ApplyRun run = ApplyRun.of("filter", in, out, "--depthwise=sobel-x", "--pointwise=luma");
    assertTrue(
        run.out()
            .startsWith(out + ": 5x4 pixels, sobel-x 3x3 + luma, on reference (f64-reference)"),
        run.out());
    assertTrue(run.out().contains("ms"), run.out());
  }

  @Test
  void theBackendsOnTheClassPathFilterToo() throws IOException {
    BufferedImage picture = noise(19, 11, BufferedImage.TYPE_INT_RGB);
    save(picture);
    assertEquals(0, ApplyRun.onClassPath("filter", in, out, "--backend=cpu").status());
    assertSame(picture, ImageIO.read(out.toFile()));
    BufferedImage expected = filter("--depthwise=sobel-y", "--pointwise=invert");
    assertEquals(
        0,
        ApplyRun.onClassPath("filter", in, out, "--depthwise=sobel-y", "--pointwise=invert")
            .status());
    assertSame(expected, ImageIO.read(out.toFile())); // integers: exact in float32
  }

  @Test
  void writesJpeg() throws IOException {
    save(constant(16, 16, 0x406080));
    Path jpeg = folder.resolve("OUT.JPG");
    assertEquals(0, ApplyRun.of("filter", in, jpeg).status());
    int pixel = ImageIO.read(jpeg.toFile()).getRGB(8, 8);
    assertEquals(0x60, pixel >> 8 & 0xFF, 2);
  }

  @Test
  void refusesTransparencyInJpeg() throws IOException {
    save(noise(3, 3, BufferedImage.TYPE_INT_ARGB));
    refuses(
        in,
        folder.resolve("out.jpg"),
        "transparent pixels, which JPEG does not know; write a .png");
  }

  @Test
  void anOpaqueAlphaIsNoObstacleToJpeg() throws IOException {
    BufferedImage picture = new BufferedImage(3, 3, BufferedImage.TYPE_INT_ARGB);
    picture.createGraphics().fillRect(0, 0, 3, 3);
    save(picture);
    assertEquals(0, ApplyRun.of("filter", in, folder.resolve("out.jpg")).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"out.gif", "out", "out.png.txt", "png"})
  void refusesOtherFormats(String name) throws IOException {
    save(constant(2, 2, 0));
    refuses(in, folder.resolve(name), "must end in .png, .jpg or .jpeg");
  }

  @Test
  void refusesInputsThatAreNoPictures() throws IOException {
    refuses(folder.resolve("missing.png"), out, "there is no file");
    refuses(folder, out, "not a regular file");
    refuses(Files.writeString(in, "# a page, not a picture"), out, "is not a picture");
    refuses(Files.write(in, new byte[0]), out, "is not a picture");
    save(noise(50, 50, BufferedImage.TYPE_INT_RGB));
    byte[] whole = Files.readAllBytes(in);
    refuses(Files.write(in, Arrays.copyOf(whole, 200)), out, "in.png as png: ");
  }

  @Test
  void refusesWrongOptions() throws IOException {
    save(constant(2, 2, 0));
    refuses(in, out, "must be odd", "--size=4");
    refuses(in, out, "sharpen exists only at 3x3", "--depthwise=sharpen", "--size=5");
    refuses(in, out, "'laplace' is not a kernel: expected identity, blur", "--depthwise=laplace");
    refuses(
        in,
        out,
        "'cmyk' is not a colour matrix: expected identity, luma, sepia",
        "--pointwise=cmyk");
    refuses(in, out, "'abacus'", "--backend=abacus");
  }

  @Test
  void keepsAnOldPictureWhenTheBackendFails() throws IOException {
    save(constant(2, 2, 0));
    Files.writeString(out, "old");
    ApplyRun run = ApplyRun.on(Behaviour.THROWS_IN_RUN, "filter", in, out);
    assertEquals(1, run.status());
    assertEquals("sepconv: fake: out of resources (-5)", run.err().strip());
    assertEquals("old", Files.readString(out));
  }

  private BufferedImage filter(Object... options) throws IOException {
    ApplyRun run = ApplyRun.of(arguments(in, out, options));
    assertEquals(0, run.status(), run.err());
    return ImageIO.read(out.toFile());
  }

  private static Object[] arguments(Path input, Path output, Object... options) {
    List<Object> arguments = new ArrayList<>(List.of("filter", input, output));
    arguments.addAll(List.of(options));
    return arguments.toArray();
  }

  private void refuses(Path input, Path output, String part, Object... options) {
    ApplyRun run = ApplyRun.of(arguments(input, output, options));
    assertEquals(2, run.status());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().contains(part), () -> "'" + part + "' is not in: " + run.err());
    assertFalse(Files.exists(output));
  }

  private void save(BufferedImage picture) throws IOException {
    ImageIO.write(picture, "png", in.toFile());
  }

  private static BufferedImage constant(int width, int height, int rgb) {
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, rgb);
      }
    }
    return picture;
  }

  private static BufferedImage noise(int width, int height, int type) {
    Random random = new Random(4);
    BufferedImage picture = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        picture.setRGB(x, y, random.nextInt());
      }
    }
    return picture;
  }

  private static BufferedImage transposed(BufferedImage picture) {
    BufferedImage result =
        new BufferedImage(picture.getHeight(), picture.getWidth(), picture.getType());
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        result.setRGB(y, x, picture.getRGB(x, y));
      }
    }
    return result;
  }

  private static void assertSame(BufferedImage expected, BufferedImage actual) {
    assertEquals(expected.getWidth(), actual.getWidth());
    assertEquals(expected.getHeight(), actual.getHeight());
    for (int y = 0; y < expected.getHeight(); y++) {
      for (int x = 0; x < expected.getWidth(); x++) {
        int at = expected.getRGB(x, y);
        int found = actual.getRGB(x, y);
        String place = x + "," + y;
        assertEquals(Integer.toHexString(at), Integer.toHexString(found), place);
      }
    }
  }
}
