package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Tensor;

class PreprocessingTest {
  private static final Preprocessing LEVELS =
      Preprocessing.of(new Framing.Original()).withNormalisation(Normalisation.none());

  @Test
  void coloursComeInTheOrderAndTheLayoutThatIsAskedFor() {
    Picture picture = TestPictures.of("010203 0a0b0c");
    assertTensor("NCHW 1x3x1x2", LEVELS, picture, 1, 10, 2, 11, 3, 12);
    assertTensor("NHWC 1x3x1x2", LEVELS.withLayout(Layout.NHWC), picture, 1, 2, 3, 10, 11, 12);
    assertTensor("NCHW 1x3x1x2", LEVELS.withOrder(ChannelOrder.BGR), picture, 3, 12, 2, 11, 1, 10);
    assertTensor("NCHW 1x1x1x2", LEVELS.withOrder(ChannelOrder.GREY), picture.grey(), 2, 11);
  }

  private static void assertTensor(
      String spec, Preprocessing how, Picture picture, float... values) {
    PictureTensor tensor = how.tensor(picture);
    assertEquals(spec, tensor.spec().toString());
    assertArrayEquals(values, tensor.values());
  }

  @Test
  void levelsAreDividedThenShiftedThenScaledInFloat32() {
    Picture picture = TestPictures.of("7b2dff");
    Normalisation each =
        new Normalisation(255, List.of(0.485f, 0.456f, 0.406f), List.of(0.229f, 0.224f, 0.225f));
    assertEquals(each, Normalisation.imagenet());
    assertTensor(
        "NCHW 1x3x1x1",
        LEVELS.withNormalisation(each).withOrder(ChannelOrder.BGR),
        picture,
        (255 / 255f - 0.406f) / 0.225f,
        (45 / 255f - 0.456f) / 0.224f,
        (123 / 255f - 0.485f) / 0.229f);
    assertTensor(
        "NCHW 1x3x1x1",
        LEVELS.withNormalisation(Normalisation.signed()),
        picture,
        123 / 127.5f - 1,
        45 / 127.5f - 1,
        1);
  }

  @Test
  void wrongNormalisationsAreRefused() {
    List<Float> three = List.of(1f, 1f, 1f);
    assertThrows(IllegalArgumentException.class, () -> new Normalisation(0, three, three));
    assertThrows(IllegalArgumentException.class, () -> new Normalisation(1, List.of(1f), three));
    assertThrows(
        IllegalArgumentException.class, () -> new Normalisation(1, three, List.of(1f, 0f, 1f)));
    assertThrows(IllegalArgumentException.class, () -> LEVELS.withThreads(0));
  }

  /** The formula of PyTorch's {@code interpolate} without antialiasing, in float64. */
  @ParameterizedTest
  @CsvSource({
    "7, 5, 13, 9",
    "13, 9, 7, 5",
    "64, 48, 5, 3",
    "2, 2, 5, 4",
    "1, 1, 3, 2",
    "9, 4, 9, 4"
  })
  void bilinearIsTheFormula(int width, int height, int newWidth, int newHeight) {
    Picture picture = TestPictures.noise(width, height, 7);
    float[] values =
        LEVELS
            .withFraming(new Framing.Stretch(newWidth, newHeight))
            .withInterpolation(Interpolation.BILINEAR)
            .tensor(picture)
            .values();
    for (int y = 0; y < newHeight; y++) {
      for (int x = 0; x < newWidth; x++) {
        double row = Math.max(0, (y + 0.5) * height / newHeight - 0.5);
        double column = Math.max(0, (x + 0.5) * width / newWidth - 0.5);
        int top = Math.min((int) row, height - 1);
        int left = Math.min((int) column, width - 1);
        double expected = 0;
        for (int i = 0; i < 4; i++) {
          int at =
              picture.rgb(Math.min(left + i % 2, width - 1), Math.min(top + i / 2, height - 1));
          double across = i % 2 == 0 ? 1 - (column - left) : column - left;
          double down = i / 2 == 0 ? 1 - (row - top) : row - top;
          expected += across * down * Colours.red(at);
        }
        // 255 levels, and places that are exact to 2^-24 of the picture's side.
        assertEquals(expected, values[y * newWidth + x], 255 * 64 * 2 / (double) (1 << 24));
      }
    }
  }

  @Test
  void areaIsTheMeanWhereSidesShrinkByWholeNumbers() {
    Picture picture = TestPictures.of("00000a 000014 000001 000001/00001e 000028 000002 000002");
    assertEquals("000019 000002", TestPictures.text(picture.resized(2, 1, Interpolation.AREA)));
  }

  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void theSameSizeIsTheSamePicture(Interpolation interpolation) {
    Picture picture = TestPictures.noise(17, 11, 3);
    assertArrayEquals(
        TestPictures.samples(picture),
        TestPictures.samples(picture.resized(17, 11, interpolation)));
  }

  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void threadsAndViewsChangeNoBit(Interpolation interpolation) {
    Picture noise = TestPictures.noise(90, 71, 5);
    // The same pixels, turned in memory.
    Picture view = TestPictures.of(TestPictures.text(noise.rotated(1))).rotated(-1);
    for (Framing framing :
        List.of(new Framing.CentreCrop(64, 50, 40), new Framing.Letterbox(99, 33, true, 114))) {
      Preprocessing how = Preprocessing.of(framing).withInterpolation(interpolation);
      float[] one = how.withThreads(1).tensor(noise).values();
      for (int threads : new int[] {2, 3, 7, 500}) {
        assertArrayEquals(one, how.withThreads(threads).tensor(noise).values());
        assertArrayEquals(one, how.withThreads(threads).tensor(view).values());
        float[] batch = how.withThreads(threads).tensor(List.of(view, noise)).values();
        assertArrayEquals(one, java.util.Arrays.copyOfRange(batch, one.length, batch.length));
      }
    }
  }

  @Test
  void aCropIsAPartOfTheWholeResizedPicture() {
    Picture picture = TestPictures.noise(80, 61, 4);
    Framing.CentreCrop crop = new Framing.CentreCrop(40, 33, 30);
    Placement place = crop.place(picture);
    assertEquals(52, place.resizedWidth()); // 40 * 80 / 61 = 52.46
    assertEquals(40, place.resizedHeight());
    assertEquals(10, place.cropLeft()); // 9.5, to even
    assertEquals(5, place.cropTop());
    Picture whole = picture.resized(52, 40, Interpolation.BILINEAR_ANTIALIAS).crop(10, 5, 33, 30);
    assertArrayEquals(
        LEVELS.tensor(whole).values(), LEVELS.withFraming(crop).tensor(picture).values());
    String message =
        assertThrows(IllegalArgumentException.class, () -> new Framing.CentreCrop(32, 33, 30))
            .getMessage();
    assertTrue(message.contains("make it 33 or more"), message);
  }

  @Test
  void aLetterboxKeepsProportionsAndPads() {
    Picture picture = TestPictures.of("010101 010101 010101 010101/010101 010101 010101 010101");
    Preprocessing how =
        LEVELS.withFraming(new Framing.Letterbox(4, 4, true, 9.5f)).withOrder(ChannelOrder.GREY);
    float p = 9.5f;
    assertTensor("NCHW 1x1x4x4", how, picture, p, p, p, p, 1, 1, 1, 1, 1, 1, 1, 1, p, p, p, p);
    assertTensor(
        "NCHW 1x1x4x4",
        how.withFraming(new Framing.Letterbox(4, 4, false, p)),
        picture.rotated(1),
        1,
        1,
        p,
        p,
        1,
        1,
        p,
        p,
        1,
        1,
        p,
        p,
        1,
        1,
        p,
        p);
    Framing box = new Framing.Letterbox(640, 640, true, 114);
    Placement place = box.place(TestPictures.noise(320, 160, 1));
    assertEquals(new Point(16, 10), place.toPicture(32, 180));
    assertEquals(new Point(32, 180), place.toTensor(16, 10));
  }

  @Test
  void linesOfTextAreAsWideAsTheWidestOfTheirBatch() {
    Preprocessing how =
        Preprocessing.of(new Framing.Line(48, 64, 320, 127.5f))
            .withNormalisation(Normalisation.signed());
    Picture narrow = TestPictures.noise(10, 24, 1);
    Picture wide = TestPictures.noise(99, 24, 1);
    assertEquals("NCHW 1x3x48x64", how.tensor(narrow).spec().toString());
    assertEquals("NCHW 1x3x48x198", how.tensor(wide).spec().toString());
    assertEquals("NCHW 1x3x48x320", how.tensor(TestPictures.noise(500, 24, 1)).spec().toString());
    PictureTensor both = how.tensor(List.of(narrow, wide));
    assertEquals("NCHW 2x3x48x198", both.spec().toString());
    assertEquals(20, both.placements().getFirst().width());
    for (int x = 20; x < 198; x++) {
      assertEquals(0, both.values()[x]);
    }
  }

  @Test
  void detectorsTakeMultiplesOfTheirStride() {
    Framing framing = new Framing.LongerSide(960, 32);
    assertEquals("960x736", size(framing, 1280, 970)); // 727.5 is nearer to 736
    assertEquals("96x64", size(framing, 100, 50));
    assertEquals("960x32", size(framing, 4000, 3));
    assertEquals("341x256", size(new Framing.ShorterSide(256), 400, 300));
    assertEquals("256x341", size(new Framing.ShorterSide(256), 300, 400));
  }

  @Test
  void aPictureLikeAThreadIsNamed() {
    Picture thread = Picture.ofGrey(1, 1 << 20, new byte[1 << 20]);
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> LEVELS.withFraming(new Framing.ShorterSide(4096)).tensor(thread))
            .getMessage();
    assertTrue(message.contains("picture of 1x1048576 is too narrow"), message);
    // Where only a part is wanted, no more is computed.
    assertEquals(
        "NCHW 1x3x224x224",
        LEVELS.withFraming(new Framing.CentreCrop(256, 224, 224)).tensor(thread).spec().toString());
  }

  private static String size(Framing framing, int width, int height) {
    Placement place = framing.place(TestPictures.noise(width, height, 1));
    return place.tensorWidth() + "x" + place.tensorHeight();
  }

  @Test
  void batchesOfDifferentSizesAreRefused() {
    List<Picture> two = List.of(TestPictures.noise(3, 2, 1), TestPictures.noise(2, 2, 1));
    String message =
        assertThrows(IllegalArgumentException.class, () -> LEVELS.tensor(two)).getMessage();
    assertTrue(message.contains("pictures of 3x2 and 2x2 do not fit one batch"), message);
    assertThrows(IllegalArgumentException.class, () -> LEVELS.tensor(List.of()));
  }

  @Test
  void tensorsOfABackendAreWrittenInTheirLayout() {
    Picture picture = TestPictures.noise(5, 4, 1);
    PictureTensor expected = LEVELS.withLayout(Layout.NHWC).tensor(picture);
    try (Backends backends = Backends.discover()) {
      ConvBackend backend = backends.backend("reference");
      try (Tensor tensor = backend.allocate(TensorSpec.nhwc(Shape.of(3, 4, 5)))) {
        assertEquals(expected.placements(), LEVELS.write(List.of(picture), tensor));
        assertArrayEquals(expected.values(), tensor.read());
        assertThrows(
            IllegalArgumentException.class,
            () -> LEVELS.write(List.of(picture.rotated(1)), tensor));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(ChannelOrder.class)
  void tensorsBecomePicturesAgain(ChannelOrder order) {
    Picture noise = TestPictures.noise(6, 5, 2);
    Picture picture = order == ChannelOrder.GREY ? noise.grey() : noise;
    Preprocessing how =
        LEVELS.withNormalisation(Normalisation.imagenet()).withOrder(order).withLayout(Layout.NHWC);
    PictureTensor tensor = how.tensor(List.of(picture.mirrored(), picture));
    Picture back = how.picture(tensor.spec(), tensor.values(), 1);
    assertEquals(TestPictures.text(picture), TestPictures.text(back));
    float[] beyond = tensor.values().clone();
    beyond[0] = 1e9f;
    beyond[1] = -1e9f;
    beyond[2] = Float.NaN;
    Picture clamped =
        LEVELS.withLayout(Layout.NHWC).withOrder(order).picture(tensor.spec(), beyond, 0);
    assertEquals(
        order == ChannelOrder.GREY ? 0xFFFFFF : order == ChannelOrder.RGB ? 0xFF0000 : 0x0000FF,
        clamped.rgb(0, 0));
  }
}
