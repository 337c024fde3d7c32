package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.conformance.file.PictureFiles;

class PictureDecoderTest {
  private static final PictureDecoder DECODER = PictureDecoder.standard();

  @TempDir Path folder;

  private static String decoded(BufferedImage image, Alpha alpha) throws IOException {
    return TestPictures.text(
        DECODER.withAlpha(alpha).decode(PictureFiles.png(image), "picture.png"));
  }

  @Test
  void everyKindOfFileIsRead() throws IOException {
    BufferedImage drawn = SampleFiles.drawn(BufferedImage.TYPE_INT_RGB);
    for (Map.Entry<String, byte[]> file : SampleFiles.all().entrySet()) {
      Picture picture = DECODER.decode(file.getValue(), file.getKey());
      boolean turned = file.getKey().startsWith("exif.");
      assertEquals(turned ? SampleFiles.HEIGHT : SampleFiles.WIDTH, picture.width());
      assertEquals(turned ? SampleFiles.WIDTH : SampleFiles.HEIGHT, picture.height());
      if (List.of("rgb.png", "interlaced.png", "argb.png", "rgb.bmp").contains(file.getKey())) {
        for (int y = 0; y < picture.height(); y++) {
          for (int x = 0; x < picture.width(); x++) {
            assertEquals(drawn.getRGB(x, y) & 0xFFFFFF, picture.rgb(x, y), file.getKey());
          }
        }
      }
    }
  }

  @Test
  void fourInksBecomeColours() throws IOException {
    WritableRaster inks = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
    for (int i = 0; i < 256; i++) {
      inks.setPixel(i % 16, i / 16, new int[] {255, 0, 0, 255}); // inverted: magenta and yellow
    }
    byte[] file = PictureFiles.withAdobe(PictureFiles.rawJpeg(inks), 0);
    int rgb = DECODER.decode(file, "inks.jpg").rgb(8, 8);
    assertTrue(
        Colours.red(rgb) > 200 && Colours.green(rgb) < 60 && Colours.blue(rgb) < 60,
        Integer.toHexString(rgb));
  }

  @Test
  void greyKeepsItsStoredLevels() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 128);
    grey.getRaster().setSample(1, 0, 0, 7);
    assertEquals("808080 070707", decoded(grey, Alpha.drop()));
  }

  @Test
  void sixteenBitsAreRoundedToEight() throws IOException {
    BufferedImage grey = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
    int[] levels = {65535, 257, 128 + 257, 129 + 257};
    grey.getRaster().setSamples(0, 0, 4, 1, 0, levels);
    assertEquals("ffffff 010101 010101 020202", decoded(grey, Alpha.drop()));
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    byte[] reds = {10, (byte) 200};
    byte[] greens = {20, (byte) 210};
    byte[] blues = {30, (byte) 220};
    IndexColorModel palette = new IndexColorModel(1, 2, reds, greens, blues, 0);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    assertEquals("0a141e c8d2dc", decoded(image, Alpha.drop()));
    assertEquals("ffffff c8d2dc", decoded(image, Alpha.overWhite()));
  }

  @Test
  void transparencyIsDroppedOrLaidOverAColour() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x000A141E);
    image.setRGB(1, 0, 0x800A141E);
    image.setRGB(2, 0, 0xFF0A141E);
    assertEquals("0a141e 0a141e 0a141e", decoded(image, Alpha.drop()));
    // (10 * 128 + 255 * 127) / 255 = 132.02
    assertEquals("ffffff 84898e 0a141e", decoded(image, Alpha.overWhite()));
    assertEquals("ff0000 840a0f 0a141e", decoded(image, Alpha.over(0xFF0000)));
    assertThrows(IllegalArgumentException.class, () -> Alpha.over(0xFF000000));
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_INT_ARGB_PRE,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_4BYTE_ABGR_PRE
      })
  void imagesOfTheJdkAreReadAndLeftAsTheyAre(int type) {
    BufferedImage image = new BufferedImage(3, 2, type);
    image.setRGB(2, 1, 0x80FF0000);
    image.setRGB(1, 1, 0xFF0A141E);
    int stored = image.getRaster().getSample(2, 1, 0);
    Picture dropped = Picture.of(image.getSubimage(1, 0, 2, 2));
    assertEquals("000000 000000/0a141e ff0000", TestPictures.text(dropped));
    Picture laid = Picture.of(image, Alpha.overWhite());
    assertEquals("ffffff ffffff ffffff/ffffff 0a141e ff7f7f", TestPictures.text(laid));
    assertEquals(stored, image.getRaster().getSample(2, 1, 0));
  }

  @Test
  void sixteenBitColourWithAlphaIsRead() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(1, 1);
    raster.setPixel(0, 0, new int[] {257 * 10, 257 * 20, 257 * 30, 257 * 128});
    BufferedImage image = new BufferedImage(model, raster, false, null);
    assertEquals("0a141e", decoded(image, Alpha.drop()));
    assertEquals("84898e", decoded(image, Alpha.overWhite()));
  }

  /** From TIFF 6.0: where the first stored row and column are in the picture. */
  @ParameterizedTest
  @CsvSource({
    "1, 0 1 2/3 4 5",
    "2, 2 1 0/5 4 3",
    "3, 5 4 3/2 1 0",
    "4, 3 4 5/0 1 2",
    "5, 0 3/1 4/2 5",
    "6, 2 5/1 4/0 3",
    "7, 5 2/4 1/3 0",
    "8, 3 0/4 1/5 2",
  })
  void picturesAreTurnedUpright(int orientation, String stored) throws IOException {
    byte[] png = PictureFiles.png(TestPictures.of(stored).toImage());
    for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
      byte[] file = PictureFiles.withExifChunk(png, PictureFiles.exif(order, orientation));
      Picture upright = DECODER.decode(file, "turned.png");
      assertEquals("000000 000001 000002/000003 000004 000005", TestPictures.text(upright));
      Picture lying = DECODER.withUpright(false).decode(file, "turned.png");
      assertEquals(TestPictures.text(TestPictures.of(stored)), TestPictures.text(lying));
    }
  }

  @Test
  void anImageIsDecodedWithItsOrientationUnturned() throws IOException {
    DecodedImage image = DECODER.image(SampleFiles.all().get("exif.jpg"), "exif.jpg");
    assertEquals(Orientation.RIGHT_TOP, image.orientation());
    assertEquals("jpeg", image.format());
    assertEquals(SampleFiles.WIDTH, image.image().getWidth());
  }

  @Test
  void filesAndStreamsAreReadAndNamed() throws IOException {
    byte[] png = SampleFiles.all().get("rgb.png");
    Path path = Files.write(folder.resolve("a.png"), png);
    String expected = TestPictures.text(DECODER.decode(png, "a"));
    assertEquals(expected, TestPictures.text(DECODER.decode(path)));
    assertEquals(
        expected, TestPictures.text(DECODER.decode(new ByteArrayInputStream(png), "upload")));
    assertEquals("23x17", DECODER.size(path).toString());
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the peer is gone");
          }
        };
    PictureException failure =
        assertThrows(PictureException.class, () -> DECODER.decode(broken, "upload"));
    assertEquals("cannot read upload: the peer is gone", failure.getMessage());
    assertEquals("upload", failure.source());
  }

  @Test
  void whatIsNoPictureIsRefused() throws IOException {
    assertRefused(() -> DECODER.decode(folder.resolve("no.png")), "there is no file ");
    assertRefused(() -> DECODER.decode(folder), "not a regular file");
    assertRefused(() -> DECODER.decode(new byte[0], "x"), "x is not a picture");
    assertRefused(() -> DECODER.decode("a text".getBytes(), "x"), "x is not a picture");
    // A bitmap of 8x1 pixels by the rules of WBMP, as any file that begins with zeros.
    assertRefused(() -> DECODER.decode(new byte[] {0, 0, 8, 1, 77}, "x"), "x is not a picture");
  }

  private interface Decoding {
    Object decode() throws PictureException;
  }

  private static void assertRefused(Decoding decoding, String part) {
    String message = assertThrows(PictureException.class, decoding::decode).getMessage();
    assertTrue(message.contains(part), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void moreBytesThanTheLimitAreRefused() throws IOException {
    byte[] png = SampleFiles.all().get("rgb.png");
    Path path = Files.write(folder.resolve("a.png"), png);
    DECODER.withMaxBytes(png.length).decode(path);
    assertRefused(
        () -> DECODER.withMaxBytes(png.length - 1).decode(path), "the limit; give more with");
  }

  @Test
  void morePixelsThanTheLimitAreRefusedBeforeTheyAreDecoded() throws IOException {
    byte[] png = SampleFiles.all().get("rgb.png");
    long pixels = (long) SampleFiles.WIDTH * SampleFiles.HEIGHT;
    DECODER.withMaxPixels(pixels).decode(png, "x");
    assertRefused(
        () -> DECODER.withMaxPixels(pixels - 1).decode(png, "x"),
        "x is too large: 23x17 pixels are more than the limit of 390; give more with");
    // The pixels are missing: whoever decoded them would say so.
    assertRefused(() -> DECODER.decode(sized(png, 100_000, 100_000), "x"), "100000x100000 pixels");
    assertRefused(
        () -> DECODER.withMaxPixels(Long.MAX_VALUE).decode(sized(png, 1_000_000, 1_000_000), "x"),
        "give more with -Xmx");
    assertRefused(() -> DECODER.decode(sized(png, 1, 1 << 21), "x"), "a side of 1x2097152 pixels");
  }

  /** A PNG with another width and height in its header, and the checksum to go with it. */
  private static byte[] sized(byte[] png, int width, int height) {
    ByteBuffer buffer = ByteBuffer.wrap(png.clone());
    buffer.putInt(16, width).putInt(20, height);
    CRC32 checksum = new CRC32();
    checksum.update(buffer.array(), 12, 17);
    return buffer.putInt(29, (int) checksum.getValue()).array();
  }

  @Test
  void theFrameOfAGifLiesOnItsScreen() throws IOException {
    byte[] gif = SampleFiles.all().get("rgb.gif");
    gif[6] = 30; // the screen's width
    gif[8] = 20;
    Picture picture = DECODER.withAlpha(Alpha.over(0x102030)).decode(gif, "x.gif");
    assertEquals(30, picture.width());
    assertEquals(20, picture.height());
    assertEquals(0x102030, picture.rgb(29, 19));
    gif[7] = gif[9] = (byte) 0xFF;
    assertRefused(() -> DECODER.decode(gif, "x.gif"), "x.gif is too large: 65310x65300 pixels");
  }

  @Test
  void ofSeveralPagesTheFirstIsReadOrNone() throws IOException {
    PictureDecoder strict = DECODER.withSeveral(PictureDecoder.Several.REFUSE);
    byte[] tiff = SampleFiles.all().get("rgb.tiff");
    String one = TestPictures.text(strict.decode(tiff, "x"));
    strict.decode(SampleFiles.all().get("rgb.gif"), "x");
    byte[] film = SampleFiles.twoFrames();
    assertEquals(SampleFiles.WIDTH, DECODER.decode(film, "film.gif").width());
    assertRefused(() -> strict.decode(film, "film.gif"), "film.gif holds more than one picture");
    // The directory names itself as the next: pages without end.
    ByteBuffer bytes =
        ByteBuffer.wrap(tiff)
            .order(tiff[0] == 'M' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    int directory = bytes.getInt(4);
    bytes.putInt(directory + 2 + 12 * bytes.getShort(directory), directory);
    assertEquals(one, TestPictures.text(DECODER.decode(tiff, "x")));
    assertRefused(() -> strict.decode(tiff, "x"), "x holds more than one picture; save");
  }

  @Test
  void filesThatAreCutShortAreRefusedWhereverTheyAreCut() throws IOException {
    for (Map.Entry<String, byte[]> file : SampleFiles.all().entrySet()) {
      byte[] whole = file.getValue();
      for (int length = 0; length < whole.length - 30; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        String message =
            assertThrows(
                    PictureException.class,
                    () -> DECODER.decode(cut, file.getKey()),
                    () -> file.getKey() + " cut to " + cut.length)
                .getMessage();
        assertTrue(message.contains(file.getKey()), message);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rgb.jpg", "progressive.jpg", "exif.jpg", "cmyk.jpg"})
  void aJpegWithoutItsEndIsKeptWhereThatIsWanted(String name) throws IOException {
    byte[] whole = SampleFiles.all().get(name);
    byte[] cut = Arrays.copyOf(whole, whole.length - 2);
    assertRefused(() -> DECODER.decode(cut, name), "cannot decode " + name + " as jpeg: it is cut");
    List<String> warnings = new ArrayList<>();
    Picture kept =
        DECODER
            .withTruncated(PictureDecoder.Truncated.KEEP)
            .withWarnings(warnings::add)
            .decode(cut, name);
    assertEquals(SampleFiles.WIDTH * SampleFiles.HEIGHT, kept.width() * kept.height());
    assertFalse(warnings.isEmpty());
    assertTrue(warnings.getFirst().startsWith(name + ": "), warnings.toString());
    // What comes behind the end is no matter.
    DECODER.decode(Arrays.copyOf(whole, whole.length + 5), name);
  }

  @Test
  void manyThreadsDecodeAtOnce() throws IOException {
    Map<String, byte[]> files = SampleFiles.all();
    List<String> names = List.copyOf(files.keySet());
    Map<String, String> alone = new TreeMap<>();
    for (String name : names) {
      alone.put(name, TestPictures.text(DECODER.decode(files.get(name), name)));
    }
    IntStream.range(0, 10 * names.size())
        .parallel()
        .forEach(
            i -> {
              String name = names.get(i % names.size());
              try {
                Picture picture = DECODER.decode(files.get(name), name);
                assertEquals(alone.get(name), TestPictures.text(picture));
              } catch (PictureException refused) {
                throw new AssertionError(refused);
              }
            });
  }

  @Test
  void limitsArePositive() {
    assertThrows(IllegalArgumentException.class, () -> DECODER.withMaxPixels(0));
    assertThrows(IllegalArgumentException.class, () -> DECODER.withMaxBytes(-1));
  }
}
