package org.sepconv.vision;

/**
 * The projective map from the unit square to a quadrilateral, after Heckbert, "Fundamentals of
 * Texture Mapping and Image Warping" (1989), section 2.2.3:
 *
 * <pre>
 *   x = (a u + b v + c) / (g u + h v + 1)
 *   y = (d u + e v + f) / (g u + h v + 1)
 * </pre>
 */
record Perspective(double a, double b, double c, double d, double e, double f, double g, double h) {

  static Perspective to(Quadrilateral target) {
    Point p0 = target.topLeft();
    Point p1 = target.topRight();
    Point p2 = target.bottomRight();
    Point p3 = target.bottomLeft();
    double dx1 = p1.x() - p2.x();
    double dy1 = p1.y() - p2.y();
    double dx2 = p3.x() - p2.x();
    double dy2 = p3.y() - p2.y();
    double sx = p0.x() - p1.x() + p2.x() - p3.x();
    double sy = p0.y() - p1.y() + p2.y() - p3.y();
    double determinant = dx1 * dy2 - dx2 * dy1; // not 0: the quadrilateral is convex
    double g = (sx * dy2 - dx2 * sy) / determinant;
    double h = (dx1 * sy - sx * dy1) / determinant;
    return new Perspective(
        p1.x() - p0.x() + g * p1.x(),
        p3.x() - p0.x() + h * p3.x(),
        p0.x(),
        p1.y() - p0.y() + g * p1.y(),
        p3.y() - p0.y() + h * p3.y(),
        p0.y(),
        g,
        h);
  }

  double x(double u, double v) {
    return (a * u + b * v + c) / (g * u + h * v + 1);
  }

  double y(double u, double v) {
    return (d * u + e * v + f) / (g * u + h * v + 1);
  }
}
