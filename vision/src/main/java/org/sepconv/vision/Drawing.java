package org.sepconv.vision;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.List;
import org.sepconv.Shape;

/**
 * Draws on a copy of a picture what a network found: boxes, polygons, labels, heat maps. Needs no
 * display; labels need a font, which slim images of operating systems lack. For one thread.
 */
public final class Drawing {
  private static final double GOLDEN = 0.618033988749895;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private int lineHeight;

  private Drawing(BufferedImage image) {
    this.image = image;
    this.graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    int side = Math.min(image.getWidth(), image.getHeight());
    graphics.setStroke(new BasicStroke(Math.max(1, side / 250f)));
    this.lineHeight = Math.max(11, side / 30);
  }

  /** On a copy of a picture. Lines and letters are as large as the picture's size asks for. */
  public static Drawing on(Picture picture) {
    return new Drawing(picture.toImage());
  }

  /** Colours that are easily told apart, one for each class: 0xRRGGBB. */
  public static int colourOf(int number) {
    return Color.HSBtoRGB((float) (number * GOLDEN % 1), 0.85f, 1) & 0xFFFFFF;
  }

  /** Lines of another thickness from now on, in pixels. */
  public Drawing withLines(float thickness) {
    graphics.setStroke(new BasicStroke(thickness));
    return this;
  }

  /** Letters of another size from now on, in pixels. */
  public Drawing withLetters(int pixels) {
    lineHeight = pixels;
    return this;
  }

  /** The outline of an upright box. */
  public Drawing box(double left, double top, double width, double height, int rgb) {
    return polygon(Quadrilateral.of(left, top, width, height).corners(), rgb);
  }

  /** The outline of a polygon. */
  public Drawing polygon(List<Point> corners, int rgb) {
    graphics.setColor(new Color(rgb));
    graphics.draw(path(corners));
    return this;
  }

  /** A polygon, filled. */
  public Drawing fill(List<Point> corners, int rgb) {
    graphics.setColor(new Color(rgb));
    graphics.fill(path(corners));
    return this;
  }

  private static Path2D path(List<Point> corners) {
    Path2D path = new Path2D.Double();
    for (Point corner : corners) {
      if (path.getCurrentPoint() == null) {
        path.moveTo(corner.x(), corner.y());
      } else {
        path.lineTo(corner.x(), corner.y());
      }
    }
    path.closePath();
    return path;
  }

  /**
   * A line of text on a ground of the given colour, above a place where there is room for it, else
   * below.
   */
  public Drawing label(String text, double left, double top, int rgb) {
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, lineHeight));
    FontMetrics metrics = graphics.getFontMetrics();
    int width = metrics.stringWidth(text) + 4;
    int x = Math.clamp(Math.round(left), 0, Math.max(0, image.getWidth() - width));
    int y = (int) Math.round(top) - metrics.getHeight();
    y = Math.max(0, y < 0 ? (int) Math.round(top) : y);
    graphics.setColor(new Color(rgb));
    graphics.fillRect(x, y, width, metrics.getHeight());
    boolean bright =
        299 * Colours.red(rgb) + 587 * Colours.green(rgb) + 114 * Colours.blue(rgb) > 140_000;
    graphics.setColor(bright ? Color.BLACK : Color.WHITE);
    graphics.drawString(text, x + 2, y + metrics.getAscent());
    return this;
  }

  /**
   * A map over the whole picture, in colours from blue (0 and less) over green (one half) to red (1
   * and more).
   *
   * @param map row by row, of any size: it is stretched over the picture
   * @param opacity 0 shows only the picture, 1 only the map
   */
  public Drawing heatMap(float[] map, int width, int height, double opacity) {
    Shape.of(1, height, width).checkLength("map", map.length);
    byte[] samples = Picture.samples(width, height);
    for (int i = 0; i < map.length; i++) {
      float heat = Math.clamp(Float.isNaN(map[i]) ? 0 : map[i], 0, 1);
      samples[3 * i] = Colours.sample(255 * (2 * heat - 1));
      samples[3 * i + 1] = Colours.sample(255 * (1 - Math.abs(2 * heat - 1)));
      samples[3 * i + 2] = Colours.sample(255 * (1 - 2 * heat));
    }
    Picture heat =
        Picture.ofRgb(width, height, samples)
            .resized(image.getWidth(), image.getHeight(), Interpolation.BILINEAR);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, mixed(image.getRGB(x, y), heat.rgb(x, y), opacity));
      }
    }
    return this;
  }

  private static int mixed(int below, int above, double opacity) {
    int mixed = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int from = below >> shift & 0xFF;
      int to = above >> shift & 0xFF;
      mixed |= (Colours.sample((float) (from + opacity * (to - from))) & 0xFF) << shift;
    }
    return mixed;
  }

  /** What is drawn so far. */
  public Picture picture() {
    return Picture.of(image);
  }
}
