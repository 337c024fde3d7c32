package org.sepconv.cli.picture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.WritableRaster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.file.PictureFiles;
import org.sepconv.vision.filter.ColourPlanes;

class PictureTest {
  @TempDir Path folder;

  @Test
  void greyKeepsItsStoredValues() throws IOException {
    BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
    grey.getRaster().setSample(0, 0, 0, 128);
    grey.getRaster().setSample(1, 0, 0, 7);
    ColourPlanes picture = throughPng(grey);
    assertArrayEquals(new float[] {128, 7, 128, 7, 128, 7}, picture.planes());
    assertTrue(picture.alpha().isEmpty());
  }

  @Test
  void sixteenBitsAreScaledTo255() throws IOException {
    BufferedImage grey = new BufferedImage(3, 1, BufferedImage.TYPE_USHORT_GRAY);
    grey.getRaster().setSample(0, 0, 0, 65535);
    grey.getRaster().setSample(1, 0, 0, 257);
    grey.getRaster().setSample(2, 0, 0, 385);
    ColourPlanes picture = throughPng(grey);
    assertEquals(255, picture.planes()[0], 1e-4);
    assertEquals(1, picture.planes()[1], 1e-4);
    assertEquals(385 / 257.0, picture.planes()[2], 1e-4);
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
    raster.setPixel(0, 0, new int[] {257 * 10, 257 * 20, 257 * 30, 257 * 40});
    ColourPlanes picture = throughPng(new BufferedImage(model, raster, false, null));
    assertArrayEquals(new float[] {10, 20, 30}, picture.planes(), 1e-4f);
    assertArrayEquals(new byte[] {40}, picture.alpha().orElseThrow());
  }

  @Test
  void palettesAreLookedUp() throws IOException {
    byte[] reds = {10, (byte) 200};
    byte[] greens = {20, (byte) 210};
    byte[] blues = {30, (byte) 220};
    IndexColorModel palette = new IndexColorModel(1, 2, reds, greens, blues);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    assertArrayEquals(new float[] {10, 200, 20, 210, 30, 220}, throughPng(image).planes());
  }

  @Test
  void aTransparentPaletteEntryBecomesAlpha() throws IOException {
    byte[] colour = {10, 20};
    IndexColorModel palette = new IndexColorModel(1, 2, colour, colour, colour, 1);
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
    image.getRaster().setSample(1, 0, 0, 1);
    assertArrayEquals(new byte[] {(byte) 255, 0}, throughPng(image).alpha().orElseThrow());
  }

  @Test
  void bgrBytesAreNotMixedUp() throws IOException {
    BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_3BYTE_BGR);
    image.setRGB(0, 0, 0x0A141E);
    assertArrayEquals(new float[] {10, 20, 30}, ColourPlanes.of(image).planes());
  }

  @Test
  void floatingPointPixelsAreRefused() {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_sRGB),
            false,
            false,
            Transparency.OPAQUE,
            DataBuffer.TYPE_FLOAT);
    BufferedImage image =
        new BufferedImage(model, model.createCompatibleWritableRaster(1, 1), false, null);
    String message =
        assertThrows(IllegalArgumentException.class, () -> ColourPlanes.of(image)).getMessage();
    assertTrue(message.contains("3 components of 32 bits"), message);
  }

  @Test
  void valuesAreRoundedAndClamped() {
    ColourPlanes picture =
        new ColourPlanes(
            2, 1, new float[] {-3, 300, 1.49f, 1.5f, Float.NaN, 254.6f}, Optional.empty());
    BufferedImage image = picture.toImage();
    assertEquals(0xFF000100, image.getRGB(0, 0));
    assertEquals(0xFFFF02FF, image.getRGB(1, 0));
  }

  @Test
  void bordersRepeatTheNearestPixel() {
    ColourPlanes picture =
        new ColourPlanes(2, 2, new float[] {1, 2, 3, 4, 5, 5, 5, 5, 6, 6, 6, 6}, Optional.empty());
    float[] padded = picture.replicated(1);
    assertEquals(3 * 16, padded.length);
    float[] red = java.util.Arrays.copyOf(padded, 16);
    assertArrayEquals(new float[] {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4}, red);
    assertEquals(5, padded[16]);
    assertEquals(6, padded[47]);
  }

  @Test
  void aPictureThatClaimsAnAbsurdSizeIsRefusedFromItsHeader() throws IOException {
    Path small = folder.resolve("in.png");
    ImageIO.write(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png", small.toFile());
    byte[] bytes = Files.readAllBytes(small);
    assertTooLarge(Files.write(small, sized(bytes, 100_000, 100_000)), "is too large");
    // Fits an array, but not the heap of a test.
    assertTooLarge(Files.write(small, sized(bytes, 25_000, 25_000)), "JAVA_OPTS=-Xmx");
  }

  private static void assertTooLarge(Path path, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PictureFile.read(path, 1, _ -> {}))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  /** A PNG with another width and height in its header, and the checksum to go with it. */
  private static byte[] sized(byte[] png, int width, int height) {
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(png.clone());
    buffer.putInt(16, width).putInt(20, height);
    CRC32 checksum = new CRC32();
    checksum.update(buffer.array(), 12, 17);
    return buffer.putInt(29, (int) checksum.getValue()).array();
  }

  @Test
  void whatADecoderComplainsOfIsPassedOn() throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    Path jpeg = folder.resolve("in.jpg");
    ImageIO.write(image, "jpeg", jpeg.toFile());
    byte[] bytes = Files.readAllBytes(jpeg);
    Files.write(jpeg, java.util.Arrays.copyOf(bytes, bytes.length - 10));
    List<String> warnings = new ArrayList<>();
    PictureFile.read(jpeg, 1, warnings::add);
    assertFalse(warnings.isEmpty());
    assertTrue(warnings.getFirst().startsWith(jpeg + ": "), warnings.toString());
  }

  @Test
  void whatADecoderRepeatsIsPassedOnOnce() throws IOException {
    byte[] profile = ICC_Profile.getInstance(ColorSpace.CS_LINEAR_RGB).getData();
    // As a printer's: the decoder says each time that it does not take it for one.
    System.arraycopy("prtr".getBytes(StandardCharsets.US_ASCII), 0, profile, 12, 4);
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
    Path jpeg = folder.resolve("in.jpg");
    Files.write(jpeg, PictureFiles.withProfile(PictureFiles.jpeg(image), profile));
    List<String> warnings = new ArrayList<>();
    PictureFile.read(jpeg, 1, warnings::add);
    assertEquals(1, warnings.size(), warnings.toString());
  }

  private ColourPlanes throughPng(BufferedImage image) throws IOException {
    Path path = folder.resolve("in.png");
    ImageIO.write(image, "png", path.toFile());
    return PictureFile.read(path, 1, _ -> {});
  }
}
