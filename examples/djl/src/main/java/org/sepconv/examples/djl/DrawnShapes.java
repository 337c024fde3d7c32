package org.sepconv.examples.djl;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;

/**
 * Grey pictures of a disc, a square, a triangle or a cross, of any size and anywhere, under noise.
 * The same seed draws the same pictures.
 *
 * @param pictures N x 1 x {@value #SIZE} x {@value #SIZE}, from 0 to 1 before the noise
 * @param classes of each picture, from 0
 */
record DrawnShapes(float[] pictures, float[] classes) {
  static final int SIZE = 24;
  static final int CLASSES = 4;

  private static final int PIXELS = SIZE * SIZE;
  private static final double NOISE = 0.15;

  static DrawnShapes of(int count, long seed) {
    Random random = new Random(seed);
    float[] pictures = new float[count * PIXELS];
    float[] classes = new float[count];
    for (int i = 0; i < count; i++) {
      int shape = random.nextInt(CLASSES);
      classes[i] = shape;
      draw(shape, random, pictures, i * PIXELS);
    }
    return new DrawnShapes(pictures, classes);
  }

  private static void draw(int shape, Random random, float[] pictures, int from) {
    BufferedImage image = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setColor(Color.WHITE);
    int size = 8 + random.nextInt(10);
    int x = random.nextInt(SIZE - size);
    int y = random.nextInt(SIZE - size);
    switch (shape) {
      case 0 -> graphics.fillOval(x, y, size, size);
      case 1 -> graphics.fillRect(x, y, size, size);
      case 2 ->
          graphics.fillPolygon(
              new int[] {x, x + size / 2, x + size}, new int[] {y + size, y, y + size}, 3);
      default -> {
        int arm = size / 4;
        graphics.fillRect(x + (size - arm) / 2, y, arm, size);
        graphics.fillRect(x, y + (size - arm) / 2, size, arm);
      }
    }
    graphics.dispose();
    for (int i = 0; i < PIXELS; i++) {
      int grey = image.getRaster().getSample(i % SIZE, i / SIZE, 0);
      pictures[from + i] = (float) (grey / 255.0 + NOISE * random.nextGaussian());
    }
  }

  int count() {
    return classes.length;
  }

  /** Some of them, one after the other. */
  DrawnShapes part(int from, int to) {
    return new DrawnShapes(
        Arrays.copyOfRange(pictures, from * PIXELS, to * PIXELS),
        Arrays.copyOfRange(classes, from, to));
  }

  /**
   * How many of the answers are right, from 0 to 1.
   *
   * @param outputs N x {@value #CLASSES}: the largest is the answer
   */
  double accuracy(float[] outputs) {
    int right = 0;
    for (int i = 0; i < count(); i++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = outputs[i * CLASSES + c] > outputs[i * CLASSES + best] ? c : best;
      }
      right += best == classes[i] ? 1 : 0;
    }
    return (double) right / count();
  }
}
