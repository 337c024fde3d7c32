package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The numbers are Pillow's, to the bit: {@code pillow.txt} has what it made of the same pictures,
 * and what float32 arithmetic in NumPy made of that.
 */
class PillowTest {
  static Stream<String> lines() throws IOException {
    try (InputStream in = PillowTest.class.getResourceAsStream("pillow.txt")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.stream().filter(line -> !line.startsWith("#"));
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void isTheSame(String line) throws IOException {
    String[] parts = line.split(" ");
    Picture picture = drawn(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    switch (parts[0]) {
      case "imagenet" -> assertTensor(parts, Preprocessing.imagenet(), picture);
      case "inception" -> assertTensor(parts, Preprocessing.inception(), picture);
      case "tensorflow" -> assertTensor(parts, Preprocessing.tensorflow(), picture);
      case "grey" -> {
        byte[] levels = new byte[picture.width() * picture.height()];
        byte[] grey = TestPictures.samples(picture.grey());
        for (int i = 0; i < levels.length; i++) {
          levels[i] = grey[3 * i];
        }
        assertEquals(parts[3], checksum(levels));
      }
      case "jpeg" -> {
        Picture decoded =
            PictureDecoder.standard().decode(Base64.getDecoder().decode(parts[4]), "pillow.jpg");
        assertEquals(parts[3], checksum(TestPictures.samples(decoded)));
      }
      default -> assertResized(parts, picture);
    }
  }

  private static void assertResized(String[] parts, Picture picture) {
    Interpolation interpolation = Interpolation.valueOf(parts[0]);
    int width = Integer.parseInt(parts[3]);
    int height = Integer.parseInt(parts[4]);
    byte[] samples = TestPictures.samples(picture.resized(width, height, interpolation));
    StringBuilder begin = new StringBuilder();
    for (int i = 0; i < Math.min(9, samples.length); i++) {
      begin.append(i == 0 ? "" : " ").append(samples[i] & 0xFF);
    }
    assertEquals(String.join(" ", Arrays.copyOfRange(parts, 6, parts.length)), begin.toString());
    assertEquals(parts[5], checksum(samples));
  }

  private static void assertTensor(String[] parts, Preprocessing preset, Picture picture) {
    float[] values = preset.tensor(picture).values();
    for (int i = 0; i < 3; i++) {
      assertEquals(Float.parseFloat(parts[4 + i]), values[i]);
    }
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    assertEquals(parts[3], checksum(bytes.array()));
  }

  private static String checksum(byte[] bytes) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return "%08x".formatted(checksum.getValue());
  }

  /** As {@code drawn} of {@code pillow.py}. */
  private static Picture drawn(int width, int height) {
    byte[] samples = new byte[width * height * 3];
    for (int i = 0; i < samples.length; i++) {
      int noise = i * (int) 2654435761L >>> 24;
      int x = i / 3 % width;
      int y = i / 3 / width;
      samples[i] = (byte) (noise / 2 + x * 5 + y * 3 + i % 3 * 40);
    }
    return Picture.ofRgb(width, height, samples);
  }
}
