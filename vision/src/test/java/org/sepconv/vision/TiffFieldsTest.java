package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.file.PictureFiles;

/** Fields that claim more than there is are seen before the JDK takes memory for them. */
class TiffFieldsTest {
  private static final int BITS_PER_SAMPLE = 258;
  private static final int SAMPLES_PER_PIXEL = 277;

  private static byte[] tiff() throws IOException {
    return PictureFiles.tiff(SampleFiles.drawn(BufferedImage.TYPE_INT_RGB), 1);
  }

  private static boolean fit(byte[] file) {
    return TiffFields.problem(file).isEmpty();
  }

  private static ByteBuffer ordered(byte[] file) {
    return ByteBuffer.wrap(file)
        .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  @Test
  void aFileWithoutSuchFieldsIsRead() throws IOException {
    assertTrue(fit(tiff()));
    assertEquals(SampleFiles.WIDTH, PictureDecoder.standard().decode(tiff(), "whole.tif").width());
  }

  @Test
  void everyFieldIsLookedAt() throws IOException {
    byte[] file = tiff();
    int directory = ordered(file).getInt(4);
    int fields = ordered(file).getShort(directory);
    for (int field = 0; field < fields; field++) {
      byte[] damaged = file.clone();
      ordered(damaged).putInt(directory + 2 + 12 * field + 4, 0x02000000);
      assertFalse(fit(damaged), "field " + field);
    }
    byte[] damaged = file.clone();
    ordered(damaged).putInt(directory + 6, 0x02000000);
    assertEquals(
        "cannot decode a.tif as tif: a field of it claims more values than the file has",
        assertThrows(
                PictureException.class, () -> PictureDecoder.standard().decode(damaged, "a.tif"))
            .getMessage());
  }

  /** Where the value of a field is. */
  private static int valueOf(byte[] file, int tag) {
    int at = ordered(file).getInt(4) + 2;
    while (ordered(file).getShort(at) != tag) {
      at += 12;
    }
    return at + 8;
  }

  private static String refusal(byte[] file) {
    return assertThrows(
            PictureException.class, () -> PictureDecoder.standard().decode(file, "a.tif"))
        .getMessage();
  }

  @Test
  void tooManyValuesForEachPixelAreRefused() throws IOException {
    byte[] file = tiff();
    ordered(file).putShort(valueOf(file, SAMPLES_PER_PIXEL), (short) 127);
    assertEquals(
        "a.tif has 127 values for each pixel, more than the 8 that pictures for people may have",
        refusal(file));
  }

  @Test
  void coloursOfBitsThatTakeALargeTableAreRefused() throws IOException {
    for (int bits : new int[] {17, 25, 31}) {
      byte[] file = tiff();
      int values = ordered(file).getInt(valueOf(file, BITS_PER_SAMPLE));
      ordered(file).putShort(values + 4, (short) bits);
      assertEquals(
          "cannot decode a.tif as tif: its colours have %d bits, but up to 16 are read"
              .formatted(bits),
          refusal(file));
    }
  }

  @Test
  void directoriesThatAreReachedFromOthersAreLookedAtOnce() throws IOException {
    byte[] file = tiff();
    int directory = ordered(file).getInt(4);
    int end = directory + 2 + 12 * ordered(file).getShort(directory);
    ordered(file).putInt(end, directory); // the next one is the same
    assertTrue(fit(file));
    byte[] longer = Arrays.copyOf(file, file.length + 18);
    ordered(longer).putInt(end, file.length);
    ordered(longer).putShort(file.length, (short) 1);
    ordered(longer).putShort(file.length + 4, (short) 4);
    assertTrue(fit(longer));
    ordered(longer).putInt(file.length + 6, file.length);
    assertFalse(fit(longer));
  }

  @Test
  void whatIsNoTiffIsLeftToOthers() {
    assertTrue(fit(new byte[0]));
    assertTrue(fit(new byte[] {'M', 'M', 0, 43, 0, 0, 0, 8, 0, 1}));
    assertTrue(fit(new byte[] {'I', 'I', 42, 0, -1, -1, -1, -1}));
  }
}
