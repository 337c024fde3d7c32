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
  private static final int SAMPLES_PER_PIXEL = 277;

  private static byte[] tiff() throws IOException {
    return PictureFiles.tiff(SampleFiles.drawn(BufferedImage.TYPE_INT_RGB), 1);
  }

  private static ByteBuffer ordered(byte[] file) {
    return ByteBuffer.wrap(file)
        .order(file[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  @Test
  void aFileWithoutSuchFieldsIsRead() throws IOException {
    assertTrue(TiffFields.fit(tiff()));
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
      assertFalse(TiffFields.fit(damaged), "field " + field);
    }
    byte[] damaged = file.clone();
    ordered(damaged).putInt(directory + 6, 0x02000000);
    assertEquals(
        "cannot decode a.tif as tif: a field of it claims more values than the file has",
        assertThrows(
                PictureException.class, () -> PictureDecoder.standard().decode(damaged, "a.tif"))
            .getMessage());
  }

  @Test
  void tooManyValuesForEachPixelAreRefused() throws IOException {
    byte[] file = tiff();
    int directory = ordered(file).getInt(4);
    for (int at = directory + 2; ; at += 12) {
      if (ordered(file).getShort(at) == SAMPLES_PER_PIXEL) {
        ordered(file).putShort(at + 8, (short) 127);
        break;
      }
    }
    String message =
        assertThrows(PictureException.class, () -> PictureDecoder.standard().decode(file, "a.tif"))
            .getMessage();
    assertEquals(
        "a.tif has 127 values for each pixel, more than the 8 that pictures for people may have",
        message);
  }

  @Test
  void directoriesThatAreReachedFromOthersAreLookedAtOnce() throws IOException {
    byte[] file = tiff();
    int directory = ordered(file).getInt(4);
    int end = directory + 2 + 12 * ordered(file).getShort(directory);
    ordered(file).putInt(end, directory); // the next one is the same
    assertTrue(TiffFields.fit(file));
    byte[] longer = Arrays.copyOf(file, file.length + 18);
    ordered(longer).putInt(end, file.length);
    ordered(longer).putShort(file.length, (short) 1);
    ordered(longer).putShort(file.length + 4, (short) 4);
    assertTrue(TiffFields.fit(longer));
    ordered(longer).putInt(file.length + 6, file.length);
    assertFalse(TiffFields.fit(longer));
  }

  @Test
  void whatIsNoTiffIsLeftToOthers() {
    assertTrue(TiffFields.fit(new byte[0]));
    assertTrue(TiffFields.fit(new byte[] {'M', 'M', 0, 43, 0, 0, 0, 8, 0, 1}));
    assertTrue(TiffFields.fit(new byte[] {'I', 'I', 42, 0, -1, -1, -1, -1}));
  }
}
