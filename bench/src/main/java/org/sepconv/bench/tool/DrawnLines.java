package org.sepconv.bench.tool;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures of a line of text each, every other one upside down. */
final class DrawnLines {
  private static final String[] WORDS = {
    "Separable", "depthwise", "Convolution", "pointwise", "network", "Invoice", "Customer", "Total",
    "Platform", "January", "October", "Street", "Payment", "Receipt", "vector", "Kernel"
  };
  private static final String[] FONTS = {Font.SANS_SERIF, Font.SERIF, Font.MONOSPACED};

  private DrawnLines() {}

  /**
   * A picture in a file.
   *
   * @param upsideDown whether its text stands on its head
   */
  record Line(Path file, boolean upsideDown) {}

  /**
   * Draws pictures into a folder, the same ones every time.
   *
   * @throws IOException if they cannot be written
   */
  static List<Line> draw(Path folder, int count) throws IOException {
    Random random = new Random(20261129);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boolean upsideDown = i % 2 == 1;
      Path file = folder.resolve("%03d-%s.png".formatted(i, upsideDown ? "180" : "0"));
      ImageIO.write(picture(random, upsideDown), "png", file.toFile());
      lines.add(new Line(file, upsideDown));
    }
    return lines;
  }

  private static BufferedImage picture(Random random, boolean upsideDown) {
    String text = WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)];
    int size = 28 + random.nextInt(30);
    Font font = new Font(FONTS[random.nextInt(FONTS.length)], Font.PLAIN, size);
    BufferedImage blank = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    FontMetrics metrics = blank.createGraphics().getFontMetrics(font);
    int width = metrics.stringWidth(text) + size / 2;
    int height = metrics.getHeight() + size / 8;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    boolean dark = random.nextInt(4) == 0;
    graphics.setColor(dark ? new Color(0x20, 0x28, 0x40) : new Color(0xFF, 0xF8, 0xE8));
    graphics.fillRect(0, 0, width, height);
    if (upsideDown) {
      graphics.rotate(Math.PI, width / 2.0, height / 2.0);
    }
    graphics.setColor(dark ? Color.WHITE : Color.BLACK);
    graphics.setFont(font);
    graphics.drawString(text, size / 4, metrics.getAscent() + size / 16);
    graphics.dispose();
    return image;
  }
}
