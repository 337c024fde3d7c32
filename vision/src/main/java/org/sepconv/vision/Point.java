package org.sepconv.vision;

/**
 * A place in a picture. The first pixel is the square from (0, 0) to (1, 1); its centre is (0.5,
 * 0.5).
 *
 * @param x columns from the left side
 * @param y rows from the top
 */
public record Point(double x, double y) {
  double distance(Point other) {
    return Math.hypot(x - other.x, y - other.y);
  }
}
