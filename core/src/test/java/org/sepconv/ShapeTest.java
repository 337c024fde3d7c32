package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {

  @Test
  void hasElementsAndBytes() {
    Shape shape = new Shape(2, 3, 5, 7);
    assertEquals(210, shape.elements());
    assertEquals(840, shape.bytes());
  }

  @Test
  void ofIsOneImage() {
    assertEquals(new Shape(1, 64, 56, 56), Shape.of(64, 56, 56));
    assertEquals(new Shape(8, 64, 56, 56), Shape.of(64, 56, 56).withBatch(8));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 1, batch is 0",
    "-1, 1, 1, 1, batch is -1",
    "1, 0, 1, 1, channels is 0",
    "1, -2, 1, 1, channels is -2",
    "1, 1, 0, 1, height is 0",
    "1, 1, -3, 1, height is -3",
    "1, 1, 1, 0, width is 0",
    "1, 1, 1, -2147483648, width is -2147483648",
  })
  void everySizeIsPositive(int n, int c, int h, int w, String message) {
    Expect.refused(() -> new Shape(n, c, h, w), message, "at least 1");
  }

  @ParameterizedTest
  @CsvSource({
    // 2^31 wraps to a negative int, 2^32 to zero, 2^64 to zero even in a long.
    "2, 1024, 1024, 1024, 2147483648",
    "4, 1024, 1024, 1024, 4294967296",
    "65536, 65536, 65536, 65536, 18446744073709",
    "2147483647, 2147483647, 2147483647, 2147483647, 21267647892944",
    "1, 1, 1, 2147483640, 2147483640",
  })
  void theProductFitsOneArray(int n, int c, int h, int w, String product) {
    Expect.refused(() -> new Shape(n, c, h, w), product, "2147483639", n + "x" + c, "split");
  }

  @Test
  void theLargestShape() {
    Shape largest = new Shape(1, 1, 1, Shape.MAX_ELEMENTS);
    assertEquals(2147483639, largest.elements());
    assertEquals(8589934556L, largest.bytes());
  }

  @Test
  void withBatchChecksTheProduct() {
    Expect.refused(() -> Shape.of(1024, 1024, 1024).withBatch(2), "2147483648");
  }

  @Test
  void printsAndParsesTheSame() {
    Shape shape = new Shape(2, 64, 56, 57);
    assertEquals("2x64x56x57", shape.toString());
    assertEquals(shape, Shape.parse(shape.toString()));
    assertEquals(Shape.of(64, 56, 57), Shape.parse(" 64x56x57 "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "64",
        "64x56",
        "1x2x3x4x5",
        "64x56x",
        "x64x56x56",
        "64x5.6x56",
        "axbxc",
        "64,56,56",
        "64x56x99999999999",
        "64 x56x56"
      })
  void otherTextIsNoShape(String text) {
    Expect.refused(() -> Shape.parse(text), "'" + text + "'", "NxCxHxW", "64x56x56");
  }

  @Test
  void parsedSizesAreCheckedToo() {
    Expect.refused(() -> Shape.parse("64x0x56"), "height is 0");
    Expect.nullRefused(() -> Shape.parse(null), "text");
  }

  @Test
  void checkLengthNamesTheArrayAndBothLengths() {
    Shape.of(2, 3, 4).checkLength("input", 24);
    Expect.refused(
        () -> Shape.of(2, 3, 4).checkLength("input", 23), "input has 23", "1x2x3x4", "needs 24");
    // A length that is right only when cut to an int.
    Expect.refused(() -> Shape.of(2, 3, 4).checkLength("input", 24 + (1L << 32)), "4294967320");
  }
}
