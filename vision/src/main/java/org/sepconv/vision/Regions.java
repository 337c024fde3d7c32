package org.sepconv.vision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Shape;

/** The connected regions of a map, as networks that detect or segment give it. */
public final class Regions {
  private final float[] map;
  private final int width;
  private final float threshold;
  private final int height;
  private final boolean[] seen;

  /** The pixels of the region that is being followed; it grows as they are found. */
  private int[] found = new int[64];

  private int count;

  private Regions(float[] map, int width, int height, float threshold) {
    this.map = map;
    this.width = width;
    this.height = height;
    this.threshold = threshold;
    this.seen = new boolean[map.length];
  }

  /**
   * The regions of values above a threshold, in the order of their first pixels, row by row.
   *
   * @param map row by row; not changed
   * @throws IllegalArgumentException if it has not width times height values
   */
  public static List<Region> above(float threshold, float[] map, int width, int height) {
    Shape.of(1, height, width).checkLength("map", map.length);
    return new Regions(map, width, height, threshold).all();
  }

  private List<Region> all() {
    List<Region> regions = new ArrayList<>();
    for (int at = 0; at < map.length; at++) {
      if (isNew(at)) {
        regions.add(from(at));
      }
    }
    return regions;
  }

  private boolean isNew(int at) {
    return !seen[at] && map[at] > threshold;
  }

  private Region from(int first) {
    count = 0;
    add(first);
    double sum = 0;
    for (int i = 0; i < count; i++) {
      int at = found[i];
      sum += map[at];
      int x = at % width;
      int y = at / width;
      for (int row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row++) {
        for (int column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column++) {
          if (isNew(row * width + column)) {
            add(row * width + column);
          }
        }
      }
    }
    return new Region(count, sum / count, ConvexHull.of(outline()));
  }

  private void add(int at) {
    seen[at] = true;
    if (count == found.length) {
      found = Arrays.copyOf(found, 2 * count);
    }
    found[count++] = at;
  }

  /** The outer corners of the first and the last pixel of each row: no other is on the hull. */
  private List<Point> outline() {
    Arrays.sort(found, 0, count);
    List<Point> corners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int x = found[i] % width;
      int y = found[i] / width;
      if (i == 0 || found[i - 1] / width != y) {
        corners.add(new Point(x, y));
        corners.add(new Point(x, y + 1));
      }
      if (i == count - 1 || found[i + 1] / width != y) {
        corners.add(new Point(x + 1, y));
        corners.add(new Point(x + 1, y + 1));
      }
    }
    return corners;
  }
}
