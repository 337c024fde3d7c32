package org.sepconv.examples.text;

import java.util.List;
import org.sepconv.vision.Drawing;
import org.sepconv.vision.Picture;
import org.sepconv.vision.Point;

/** A picture with what was read in it: a box around each line, and its text beside the box. */
final class ReadPage {
  private ReadPage() {}

  /** A new picture; a line has a colour of its own. */
  static Picture of(Picture picture, List<TextLine> lines) {
    Drawing drawing = Drawing.on(picture).withLetters(Math.max(11, picture.height() / 24));
    for (int i = 0; i < lines.size(); i++) {
      TextLine line = lines.get(i);
      List<Point> corners = line.place().corners();
      int colour = Drawing.colourOf(i);
      double left = corners.stream().mapToDouble(Point::x).min().orElseThrow();
      double top = corners.stream().mapToDouble(Point::y).min().orElseThrow();
      drawing
          .polygon(corners, colour)
          .label("%s (%.2f)".formatted(line.text(), line.score()), left, top, colour);
    }
    return drawing.picture();
  }
}
