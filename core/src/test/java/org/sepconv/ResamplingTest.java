package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions as ONNX's documentation of Resize has them. */
class ResamplingTest {

  @ParameterizedTest
  @CsvSource({
    // 3 pixels become 5, or one.
    "HALF_PIXEL, 5, -0.2 0.4 1 1.6 2.2",
    "PYTORCH_HALF_PIXEL, 5, -0.2 0.4 1 1.6 2.2",
    "ALIGN_CORNERS, 5, 0 0.5 1 1.5 2",
    "ASYMMETRIC, 5, 0 0.6 1.2 1.8 2.4",
    "HALF_PIXEL, 1, 1",
    "PYTORCH_HALF_PIXEL, 1, 0",
    "ALIGN_CORNERS, 1, 0",
    "ASYMMETRIC, 1, 0",
  })
  void positions(Resampling.Coordinates coordinates, int length, String expected) {
    double[] positions =
        Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    Resampling rows = Resampling.to(length, 7, coordinates);
    Resampling columns = Resampling.to(7, length, coordinates);
    for (int i = 0; i < length; i++) {
      assertEquals(positions[i], rows.row(Shape.of(1, 3, 2), i), 1e-6);
      assertEquals(positions[i], columns.column(Shape.of(1, 2, 3), i), 1e-6);
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-30, 1", "1, 1e-30"})
  void scalesArePositiveOnly(float height, float width) {
    new Resampling.Scale(height, width);
    Expect.refused(() -> new Resampling.Scale(-height, width), "" + -height);
    Expect.refused(() -> new Resampling.Scale(height, 0), "and 0.0");
    Expect.refused(() -> new Resampling.Scale(0, width), "are 0.0");
    Expect.refused(() -> new Resampling.Scale(Float.POSITIVE_INFINITY, width), "Infinity");
  }

  @Test
  void scalesWhoseProductOverflowsAreRefused() {
    Expect.refused(() -> new Resampling.Scale(1e20f, 1e20f), "1.0E20 and 1.0E20");
  }

  /** Three pixels become six; the last three lie at 1.5, 2 and 2.5. */
  @Test
  void positionsBeyondTheRimAreMovedToIt() {
    Resampling twice = Resampling.by(2, Resampling.Coordinates.ASYMMETRIC);
    Shape row = Shape.of(1, 1, 3);
    ResizeLinear linear = new ResizeLinear(twice);
    assertEquals(new ResizeLinear.Between(1, 2, 0.5f), linear.columns(row, 3));
    assertEquals(new ResizeLinear.Between(2, 2, 0), linear.columns(row, 4));
    assertEquals(new ResizeLinear.Between(2, 2, 0), linear.columns(row, 5));
    ResizeNearest above = new ResizeNearest(twice, ResizeNearest.Rounding.CEIL);
    int[] place = {0, 0, 0, 5};
    above.source(List.of(row), Shape.of(1, 2, 6), place);
    assertEquals(2, place[3]);
  }
}
