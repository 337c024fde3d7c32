package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Resizing gives Pillow's bytes: {@code pillow-resize.txt} has what it made of the same pictures.
 */
class PillowTest {
  static Stream<String> lines() throws IOException {
    try (InputStream in = PillowTest.class.getResourceAsStream("pillow-resize.txt")) {
      List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      return lines.stream().filter(line -> !line.startsWith("#"));
    }
  }

  @ParameterizedTest
  @MethodSource("lines")
  void resizesToTheSameBytes(String line) {
    String[] parts = line.split(" ");
    int[] sizes = Arrays.stream(parts, 1, 5).mapToInt(Integer::parseInt).toArray();
    Picture picture = drawn(sizes[0], sizes[1]);
    Picture resized = picture.resized(sizes[2], sizes[3], Interpolation.valueOf(parts[0]));
    byte[] samples = TestPictures.samples(resized);
    StringBuilder begin = new StringBuilder();
    for (int i = 0; i < Math.min(9, samples.length); i++) {
      begin.append(i == 0 ? "" : " ").append(samples[i] & 0xFF);
    }
    assertEquals(String.join(" ", Arrays.copyOfRange(parts, 6, parts.length)), begin.toString());
    CRC32 checksum = new CRC32();
    checksum.update(samples);
    assertEquals(parts[5], "%08x".formatted(checksum.getValue()));
  }

  /** As {@code drawn} of {@code pillow-resize.py}. */
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
