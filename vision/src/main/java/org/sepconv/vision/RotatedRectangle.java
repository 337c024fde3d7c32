package org.sepconv.vision;

import java.util.List;

/**
 * A rectangle that may lie askew.
 *
 * @param width of its top and bottom
 * @param height of its sides
 * @param angle by which its top is turned clockwise from the horizontal, in radians
 */
public record RotatedRectangle(Point centre, double width, double height, double angle) {
  private static final double QUARTER = Math.PI / 2;

  /**
   * The smallest rectangle around points; of several the most upright one. Its angle is more than
   * -45 and at most 45 degrees.
   *
   * @throws IllegalArgumentException if there is no point
   */
  public static RotatedRectangle around(List<Point> points) {
    return aroundHull(ConvexHull.of(points));
  }

  static RotatedRectangle aroundHull(List<Point> hull) {
    // Upright first, then along each side of the hull: the smallest has a side on one of them.
    RotatedRectangle smallest = along(hull, 0);
    for (int i = 0; i < hull.size(); i++) {
      Point from = hull.get(i);
      Point to = hull.get((i + 1) % hull.size());
      RotatedRectangle other =
          along(hull, reduced(Math.atan2(to.y() - from.y(), to.x() - from.x())));
      double saved = smallest.area() - other.area();
      double rounding = 1e-9 * smallest.area();
      if (saved > rounding
          || saved > -rounding && Math.abs(other.angle) < Math.abs(smallest.angle)) {
        smallest = other;
      }
    }
    return smallest;
  }

  private static double reduced(double angle) {
    double turned = Math.IEEEremainder(angle, QUARTER);
    return turned <= -QUARTER / 2 ? turned + QUARTER : turned;
  }

  private static RotatedRectangle along(List<Point> hull, double angle) {
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double top = Double.POSITIVE_INFINITY;
    double bottom = Double.NEGATIVE_INFINITY;
    for (Point point : hull) {
      double across = point.x() * cos + point.y() * sin;
      double down = point.y() * cos - point.x() * sin;
      left = Math.min(left, across);
      right = Math.max(right, across);
      top = Math.min(top, down);
      bottom = Math.max(bottom, down);
    }
    double across = (left + right) / 2;
    double down = (top + bottom) / 2;
    Point centre = new Point(across * cos - down * sin, across * sin + down * cos);
    return new RotatedRectangle(centre, right - left, bottom - top, angle);
  }

  public double area() {
    return width * height;
  }

  /** With each side moved outwards: detectors of text find its core only. */
  public RotatedRectangle grown(double distance) {
    return new RotatedRectangle(centre, width + 2 * distance, height + 2 * distance, angle);
  }

  /**
   * Its corners.
   *
   * @throws IllegalArgumentException if it has no area
   */
  public Quadrilateral quadrilateral() {
    return new Quadrilateral(corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1));
  }

  private Point corner(int right, int down) {
    double across = right * width / 2;
    double below = down * height / 2;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    return new Point(
        centre.x() + across * cos - below * sin, centre.y() + across * sin + below * cos);
  }
}
