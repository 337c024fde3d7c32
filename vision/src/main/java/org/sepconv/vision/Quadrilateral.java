package org.sepconv.vision;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A convex quadrilateral in a picture; its corners are named as they lie in what it shows, which
 * may itself be turned.
 */
public record Quadrilateral(Point topLeft, Point topRight, Point bottomRight, Point bottomLeft) {

  /**
   * @throws IllegalArgumentException if it is not convex, or has no area
   */
  public Quadrilateral {
    List<Point> corners = List.of(topLeft, topRight, bottomRight, bottomLeft);
    double sign = 0;
    for (int i = 0; i < 4; i++) {
      double turn = turn(corners.get(i), corners.get((i + 1) % 4), corners.get((i + 2) % 4));
      if (turn == 0 || !Double.isFinite(turn) || turn * sign < 0) {
        throw new IllegalArgumentException(
            "the corners %s, in this order, make no convex quadrilateral".formatted(corners));
      }
      sign = turn;
    }
  }

  private static double turn(Point a, Point b, Point c) {
    return (b.x() - a.x()) * (c.y() - b.y()) - (b.y() - a.y()) * (c.x() - b.x());
  }

  /** A rectangle that stands upright. */
  public static Quadrilateral of(double left, double top, double width, double height) {
    return new Quadrilateral(
        new Point(left, top),
        new Point(left + width, top),
        new Point(left + width, top + height),
        new Point(left, top + height));
  }

  /** Clockwise from the top left. */
  public List<Point> corners() {
    return List.of(topLeft, topRight, bottomRight, bottomLeft);
  }

  /** The length of the top or the bottom side, whichever is longer. */
  public double width() {
    return Math.max(topLeft.distance(topRight), bottomLeft.distance(bottomRight));
  }

  /** The length of the left or the right side, whichever is longer. */
  public double height() {
    return Math.max(topLeft.distance(bottomLeft), topRight.distance(bottomRight));
  }

  /** With each corner somewhere else: {@code placement::toPicture}, for one. */
  public Quadrilateral moved(UnaryOperator<Point> how) {
    return new Quadrilateral(
        how.apply(topLeft), how.apply(topRight), how.apply(bottomRight), how.apply(bottomLeft));
  }
}
