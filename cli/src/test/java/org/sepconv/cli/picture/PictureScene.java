package org.sepconv.cli.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/**
 * Draws the landscape of {@code docs/images}: smooth sky, soft and hard edges, texture and letters,
 * which is what filters differ on. The same pixels every time.
 */
final class PictureScene {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 240;
  private static final long SEED = 11;

  private PictureScene() {}

  /**
   * @param args the PNG to write
   */
  public static void main(String[] args) throws IOException {
    ImageIO.write(draw(), "png", Path.of(args[0]).toFile());
  }

  static BufferedImage draw() {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setPaint(
        new GradientPaint(0, 0, new Color(58, 110, 190), 0, 170, new Color(246, 205, 150)));
    pen.fillRect(0, 0, WIDTH, HEIGHT);
    pen.setColor(new Color(255, 240, 190));
    pen.fillOval(250, 40, 46, 46);
    pen.setColor(new Color(255, 255, 255, 150));
    pen.fillOval(40, 45, 90, 18);
    pen.fillOval(70, 34, 50, 24);
    pen.dispose();
    hill(image, 120, 26, 71, new Color(112, 132, 168), 3);
    hill(image, 150, 20, 43, new Color(70, 116, 84), 9);
    hill(image, 192, 9, 29, new Color(56, 92, 40), 22);
    house(image);
    return image;
  }

  /** A ridge of two sines filled with a textured colour that darkens towards the bottom. */
  private static void hill(
      BufferedImage image, int level, int height, int period, Color colour, int roughness) {
    Random random = new Random(SEED + level);
    for (int x = 0; x < WIDTH; x++) {
      double ridge =
          level
              + height * Math.sin(x * 2.0 / period)
              + 0.4 * height * Math.sin(x * 5.3 / period + level)
              + random.nextDouble();
      for (int y = Math.max(0, (int) ridge); y < HEIGHT; y++) {
        double noise = roughness * random.nextGaussian() - 0.25 * (y - ridge);
        image.setRGB(
            x,
            y,
            mix(colour.getRed() + noise) << 16
                | mix(colour.getGreen() + noise) << 8
                | mix(colour.getBlue() + 0.6 * noise));
      }
    }
  }

  private static void house(BufferedImage image) {
    Graphics2D pen = image.createGraphics();
    pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    pen.setColor(new Color(226, 214, 190));
    pen.fillRect(60, 158, 96, 54);
    pen.setColor(new Color(164, 62, 44));
    pen.fillPolygon(new int[] {50, 108, 166}, new int[] {158, 122, 158}, 3);
    pen.setColor(new Color(60, 66, 90));
    pen.fillRect(72, 170, 18, 18);
    pen.fillRect(126, 170, 18, 18);
    pen.setColor(new Color(96, 58, 36));
    pen.fillRect(99, 176, 18, 36);
    pen.setColor(Color.WHITE);
    pen.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 22));
    pen.drawString("K x K + 1 x 1", 182, 222);
    pen.dispose();
  }

  private static int mix(double value) {
    return (int) Math.clamp(value, 0, 255);
  }
}
