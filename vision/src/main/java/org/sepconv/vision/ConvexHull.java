package org.sepconv.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The convex hull of points, by Andrew's monotone chain. */
final class ConvexHull {
  private ConvexHull() {}

  /** Its corners in order around it, none of them on a line between two others. */
  static List<Point> of(List<Point> points) {
    if (points.isEmpty()) {
      throw new IllegalArgumentException("there is no point to put anything around");
    }
    List<Point> sorted =
        points.stream()
            .distinct()
            .sorted(Comparator.comparingDouble(Point::x).thenComparingDouble(Point::y))
            .toList();
    if (sorted.size() < 3) {
      return sorted;
    }
    List<Point> hull = chain(sorted);
    hull.removeLast();
    List<Point> back = chain(sorted.reversed());
    back.removeLast();
    hull.addAll(back);
    return hull;
  }

  private static List<Point> chain(List<Point> sorted) {
    List<Point> chain = new ArrayList<>();
    for (Point point : sorted) {
      while (chain.size() >= 2 && turn(chain.get(chain.size() - 2), chain.getLast(), point) <= 0) {
        chain.removeLast();
      }
      chain.add(point);
    }
    return chain;
  }

  private static double turn(Point a, Point b, Point c) {
    return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
  }
}
