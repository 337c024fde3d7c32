package org.sepconv.vision;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Views, cuts, regions and rectangles. */
class GeometryTest {
  private static final Picture SIX = TestPictures.of("000000 000001 000002/000003 000004 000005");

  @Test
  void viewsShowTheSamePixelsElsewhere() {
    assertEquals("000003 000000/000004 000001/000005 000002", TestPictures.text(SIX.rotated(1)));
    assertEquals("000005 000004 000003/000002 000001 000000", TestPictures.text(SIX.rotated(2)));
    assertEquals(TestPictures.text(SIX.rotated(-1)), TestPictures.text(SIX.rotated(3)));
    assertEquals(TestPictures.text(SIX), TestPictures.text(SIX.rotated(3).rotated(1)));
    assertEquals("000002 000001 000000/000005 000004 000003", TestPictures.text(SIX.mirrored()));
    assertEquals("000001 000002/000004 000005", TestPictures.text(SIX.crop(1, 0, 2, 2)));
    assertEquals("000004 000001", TestPictures.text(SIX.rotated(1).crop(0, 1, 2, 1)));
    assertEquals(TestPictures.text(SIX), TestPictures.text(Picture.of(SIX.toImage())));
    String message =
        assertThrows(IllegalArgumentException.class, () -> SIX.crop(1, 0, 3, 1)).getMessage();
    assertTrue(message.contains("is not inside of picture of 3x2"), message);
    assertThrows(IndexOutOfBoundsException.class, () -> SIX.rgb(3, 0));
  }

  @Test
  void aCutAlongPixelsIsACrop() {
    Picture noise = TestPictures.noise(20, 15, 1);
    assertEquals(
        TestPictures.text(noise.crop(3, 4, 9, 7)),
        TestPictures.text(noise.cut(Quadrilateral.of(3, 4, 9, 7))));
    Quadrilateral upsideDown =
        new Quadrilateral(new Point(12, 11), new Point(3, 11), new Point(3, 4), new Point(12, 4));
    assertEquals(
        TestPictures.text(noise.crop(3, 4, 9, 7).rotated(2)),
        TestPictures.text(noise.cut(upsideDown)));
    // Beyond the border the nearest pixel is repeated.
    assertEquals("000000 000000 000001", TestPictures.text(SIX.cut(Quadrilateral.of(-1, 0, 3, 1))));
  }

  /** The map takes corners to corners, and crossing diagonals to crossing diagonals. */
  @Test
  void aCutIsAPerspectiveView() {
    Quadrilateral place =
        new Quadrilateral(
            new Point(10, 20), new Point(90, 5), new Point(100, 95), new Point(0, 60));
    Perspective map = Perspective.to(place);
    assertPoint(place.topLeft(), map.x(0, 0), map.y(0, 0));
    assertPoint(place.topRight(), map.x(1, 0), map.y(1, 0));
    assertPoint(place.bottomRight(), map.x(1, 1), map.y(1, 1));
    assertPoint(place.bottomLeft(), map.x(0, 1), map.y(0, 1));
    double x = map.x(0.5, 0.5);
    double y = map.y(0.5, 0.5);
    assertEquals(0, (x - 10) * (95 - 20) - (y - 20) * (100 - 10), 1e-9);
    assertEquals(0, (x - 90) * (60 - 5) - (y - 5) * (0 - 90), 1e-9);
  }

  private static void assertPoint(Point expected, double x, double y) {
    assertEquals(expected.x(), x, 1e-9);
    assertEquals(expected.y(), y, 1e-9);
  }

  @Test
  void quadrilateralsAreConvex() {
    Point a = new Point(0, 0);
    Point b = new Point(4, 0);
    Point c = new Point(4, 3);
    Point d = new Point(0, 3);
    assertEquals(4, new Quadrilateral(a, b, c, d).width());
    assertEquals(3, new Quadrilateral(a, b, c, d).height());
    assertThrows(IllegalArgumentException.class, () -> new Quadrilateral(a, c, b, d));
    assertThrows(IllegalArgumentException.class, () -> new Quadrilateral(a, b, b, d));
    assertThrows(
        IllegalArgumentException.class, () -> new Quadrilateral(a, b, new Point(0.5, 0.5), d));
    assertThrows(
        IllegalArgumentException.class, () -> new Quadrilateral(a, b, c, new Point(Double.NaN, 0)));
  }

  @Test
  void regionsHangTogetherBySidesAndCorners() {
    float[] map = {
      0.9f, 0.0f, 0.0f, 0.0f, 0.6f,
      0.0f, 0.7f, 0.0f, 0.0f, 0.6f,
      0.0f, 0.0f, 0.0f, 0.5f, 0.0f,
    };
    List<Region> regions = Regions.above(0.5f, map, 5, 3);
    assertEquals(2, regions.size());
    assertEquals(2, regions.get(0).pixels());
    assertEquals(0.8, regions.get(0).score(), 1e-6);
    assertEquals(0.6, regions.get(1).score(), 1e-6);
    assertEquals(new RotatedRectangle(new Point(4.5, 1), 1, 2, 0), regions.get(1).rectangle());
    assertEquals(2, Regions.above(0.4f, map, 5, 3).size()); // by its corner
    assertEquals(List.of(), Regions.above(1, map, 5, 3));
    assertThrows(IllegalArgumentException.class, () -> Regions.above(1, map, 5, 4));
  }

  /** Every pixel of a large region, and none of another, whatever its form: a spiral, and noise. */
  @Test
  void regionsAreThoseOfAPlainFloodFill() {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      int width = 1 + random.nextInt(30);
      int height = 1 + random.nextInt(30);
      float[] map = new float[width * height];
      for (int i = 0; i < map.length; i++) {
        map[i] = random.nextFloat();
      }
      List<Integer> expected = new ArrayList<>();
      float[] left = map.clone();
      for (int i = 0; i < map.length; i++) {
        if (left[i] > 0.6f) {
          expected.add(flooded(left, width, height, i % width, i / width));
        }
      }
      List<Region> regions = Regions.above(0.6f, map, width, height);
      assertEquals(expected, regions.stream().map(Region::pixels).toList());
      for (Region region : regions) {
        assertTrue(region.rectangle().area() > region.pixels() - 1e-6);
      }
    }
  }

  private static int flooded(float[] map, int width, int height, int x, int y) {
    if (x < 0 || y < 0 || x >= width || y >= height || !(map[y * width + x] > 0.6f)) {
      return 0;
    }
    map[y * width + x] = 0;
    int pixels = 1;
    for (int i = 0; i < 9; i++) {
      pixels += flooded(map, width, height, x + i % 3 - 1, y + i / 3 - 1);
    }
    return pixels;
  }

  @ParameterizedTest
  @ValueSource(ints = {-44, -30, -1, 0, 7, 30, 45})
  void theRectangleAroundItsOwnCornersIsItself(int degrees) {
    RotatedRectangle rectangle =
        new RotatedRectangle(new Point(50, 40), 60, 20, Math.toRadians(degrees));
    List<Point> points = new ArrayList<>(rectangle.quadrilateral().corners());
    points.add(rectangle.centre());
    RotatedRectangle found = RotatedRectangle.around(points);
    assertEquals(60, found.width(), 1e-9);
    assertEquals(20, found.height(), 1e-9);
    assertEquals(Math.toRadians(degrees), found.angle(), 1e-9);
    assertPoint(rectangle.centre(), found.centre().x(), found.centre().y());
    assertEquals(64, found.grown(2).width(), 1e-9);
    assertEquals(24, found.grown(2).quadrilateral().height(), 1e-9);
  }

  /** No turn of a rectangle around the points is smaller. */
  @Test
  void noOtherRectangleIsSmaller() {
    Random random = new Random(3);
    for (int trial = 0; trial < 100; trial++) {
      List<Point> points = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(12); i++) {
        points.add(new Point(random.nextInt(20), random.nextInt(20)));
      }
      RotatedRectangle smallest = RotatedRectangle.around(points);
      for (int degrees = 0; degrees < 90; degrees++) {
        double cos = Math.cos(Math.toRadians(degrees));
        double sin = Math.sin(Math.toRadians(degrees));
        var across =
            points.stream().mapToDouble(p -> p.x() * cos + p.y() * sin).summaryStatistics();
        var down = points.stream().mapToDouble(p -> p.y() * cos - p.x() * sin).summaryStatistics();
        double area = (across.getMax() - across.getMin()) * (down.getMax() - down.getMin());
        assertTrue(smallest.area() <= area + 1e-6, points + " at " + degrees);
      }
    }
  }

  /** A word that lies askew comes out as it was drawn. */
  @Test
  void aRegionIsCutOutUpright() {
    RotatedRectangle place = new RotatedRectangle(new Point(60, 50), 80, 20, Math.toRadians(20));
    Picture picture =
        Drawing.on(Picture.ofGrey(120, 100, new byte[12000]))
            .fill(place.quadrilateral().corners(), 0xFFFFFF)
            .picture();
    float[] map = Preprocessing.of(new Framing.Original()).tensor(picture).values();
    List<Region> regions = Regions.above(0.5f, java.util.Arrays.copyOf(map, 12000), 120, 100);
    assertEquals(1, regions.size());
    RotatedRectangle found = regions.getFirst().rectangle();
    assertEquals(20, Math.toDegrees(found.angle()), 2);
    assertEquals(80, found.width(), 3);
    assertEquals(20, found.height(), 3);
    Picture word = picture.cut(found.grown(-3).quadrilateral());
    for (int i = 0; i < word.width() * word.height(); i++) {
      assertEquals(0xFFFFFF, word.rgb(i % word.width(), i / word.width()));
    }
  }
}
