package org.sepconv.vision;

import java.util.List;

/**
 * Pixels of a map that hang together, be it by a corner.
 *
 * @param pixels how many
 * @param score the mean of the map's values over them
 * @param hull the corners of the convex hull around the whole pixels, which are squares
 */
public record Region(int pixels, double score, List<Point> hull) {
  public Region {
    hull = List.copyOf(hull);
  }

  /** The smallest rectangle around the pixels. */
  public RotatedRectangle rectangle() {
    return RotatedRectangle.aroundHull(hull);
  }
}
