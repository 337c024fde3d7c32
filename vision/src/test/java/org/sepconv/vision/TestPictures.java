package org.sepconv.vision;

import java.util.Random;

/** Pictures to test with. */
final class TestPictures {
  private TestPictures() {}

  /** Each pixel any colour, the same for the same seed. */
  static Picture noise(int width, int height, long seed) {
    byte[] samples = new byte[width * height * 3];
    new Random(seed).nextBytes(samples);
    return Picture.ofRgb(width, height, samples);
  }

  /** Of colours written as RRGGBB in hexadecimal digits: pixels with spaces, rows with slashes. */
  static Picture of(String rows) {
    String[][] pixels =
        java.util.Arrays.stream(rows.split("/"))
            .map(row -> row.strip().split(" +"))
            .toArray(String[][]::new);
    int width = pixels[0].length;
    byte[] samples = new byte[width * pixels.length * 3];
    for (int i = 0; i < width * pixels.length; i++) {
      int rgb = Integer.parseInt(pixels[i / width][i % width], 16);
      samples[3 * i] = (byte) (rgb >> 16);
      samples[3 * i + 1] = (byte) (rgb >> 8);
      samples[3 * i + 2] = (byte) rgb;
    }
    return Picture.ofRgb(width, pixels.length, samples);
  }

  /** As {@link #of} reads it. */
  static String text(Picture picture) {
    StringBuilder text = new StringBuilder();
    for (int y = 0; y < picture.height(); y++) {
      text.append(y == 0 ? "" : "/");
      for (int x = 0; x < picture.width(); x++) {
        text.append(x == 0 ? "" : " ").append("%06x".formatted(picture.rgb(x, y)));
      }
    }
    return text.toString();
  }

  /** Row by row, red, green, blue. */
  static byte[] samples(Picture picture) {
    byte[] samples = new byte[picture.width() * picture.height() * 3];
    for (int i = 0; i < picture.width() * picture.height(); i++) {
      int rgb = picture.rgb(i % picture.width(), i / picture.width());
      samples[3 * i] = (byte) (rgb >> 16);
      samples[3 * i + 1] = (byte) (rgb >> 8);
      samples[3 * i + 2] = (byte) rgb;
    }
    return samples;
  }
}
