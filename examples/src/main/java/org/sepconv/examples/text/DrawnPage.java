package org.sepconv.examples.text;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.sepconv.vision.Picture;

/**
 * A picture with lines of text in the JDK's own fonts.
 *
 * @param lines from the top down
 */
record DrawnPage(String name, Color paper, Color ink, List<Line> lines) {
  private static final int WIDTH = 640;
  private static final int MARGIN = 40;

  /**
   * A line of text.
   *
   * @param size of its letters, in pixels
   * @param degrees by which it is turned clockwise
   */
  record Line(String text, String font, int size, int degrees) {
    static Line of(String text, String font, int size) {
      return new Line(text, font, size, 0);
    }
  }

  static List<DrawnPage> all() {
    return List.of(
        new DrawnPage(
            "sizes",
            Color.WHITE,
            Color.BLACK,
            List.of(
                Line.of("Separable", Font.SANS_SERIF, 64),
                Line.of("depthwise and pointwise", Font.SANS_SERIF, 40),
                Line.of("Pure Java from pixel to text", Font.SANS_SERIF, 28),
                Line.of("no native library is needed", Font.SANS_SERIF, 20))),
        new DrawnPage(
            "fonts",
            new Color(0xFFF4D6),
            new Color(0x203060),
            List.of(
                Line.of("INVOICE 2026", Font.SERIF, 48),
                Line.of("Total amount", Font.SANS_SERIF, 32),
                Line.of("1234567890", Font.MONOSPACED, 36))),
        new DrawnPage(
            "turned",
            new Color(0x182028),
            new Color(0xF0F0F0),
            List.of(
                Line.of("This way up", Font.SANS_SERIF, 36),
                new Line("upside down", Font.SANS_SERIF, 40, 180),
                new Line("slightly askew", Font.SANS_SERIF, 36, 5))));
  }

  Picture picture() {
    int height = MARGIN + lines.stream().mapToInt(line -> line.size() + MARGIN).sum();
    BufferedImage image = new BufferedImage(WIDTH, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setColor(paper);
    graphics.fillRect(0, 0, WIDTH, height);
    graphics.setColor(ink);
    int top = MARGIN;
    for (Line line : lines) {
      draw(graphics, line, top);
      top += line.size() + MARGIN;
    }
    graphics.dispose();
    return Picture.of(image);
  }

  /** In the middle of the page, turned around its own middle. */
  private static void draw(Graphics2D page, Line line, int top) {
    Graphics2D graphics = (Graphics2D) page.create();
    graphics.setFont(new Font(line.font(), Font.PLAIN, line.size()));
    graphics.translate(WIDTH / 2, top + line.size() / 2);
    graphics.rotate(Math.toRadians(line.degrees()));
    int width = graphics.getFontMetrics().stringWidth(line.text());
    graphics.drawString(line.text(), -width / 2, line.size() / 3);
    graphics.dispose();
  }
}
