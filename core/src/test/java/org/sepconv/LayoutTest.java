package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayoutTest {
  private static final Shape SHAPE = new Shape(2, 3, 4, 5);

  @Test
  void nchwCountsColumnsFastest() {
    int index = 0;
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 5; x++) {
            assertEquals(index++, Layout.NCHW.index(SHAPE, n, c, y, x));
          }
        }
      }
    }
  }

  @Test
  void nhwcCountsChannelsFastest() {
    int index = 0;
    for (int n = 0; n < 2; n++) {
      for (int y = 0; y < 4; y++) {
        for (int x = 0; x < 5; x++) {
          for (int c = 0; c < 3; c++) {
            assertEquals(index++, Layout.NHWC.index(SHAPE, n, c, y, x));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void stridesAreDistancesBetweenNeighbours(Layout layout) {
    int origin = layout.index(SHAPE, 1, 0, 0, 0);
    assertEquals(layout.index(SHAPE, 1, 1, 0, 0) - origin, layout.channelStride(SHAPE));
    assertEquals(layout.index(SHAPE, 1, 0, 1, 0) - origin, layout.rowStride(SHAPE));
    assertEquals(layout.index(SHAPE, 1, 0, 0, 1) - origin, layout.columnStride(SHAPE));
  }

  @ParameterizedTest
  @EnumSource
  void theLastIndexOfTheLargestShapeIsNotNegative(Layout layout) {
    Shape largest = new Shape(13, 17, 1, 9716033); // 2,147,243,293 values
    assertEquals(largest.elements() - 1, layout.index(largest, 12, 16, 0, 9716032));
  }

  @Test
  void convertsByHand() {
    // One image of 2 channels, 2 x 2: channel 0 is 1..4, channel 1 is 5..8.
    float[] nchw = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] nhwc = {1, 5, 2, 6, 3, 7, 4, 8};
    Shape shape = Shape.of(2, 2, 2);
    assertArrayEquals(nhwc, Layout.NCHW.convert(shape, nchw, Layout.NHWC));
    assertArrayEquals(nchw, Layout.NHWC.convert(shape, nhwc, Layout.NCHW));
  }

  @ParameterizedTest
  @EnumSource
  void convertMovesEveryValueToItsIndex(Layout from) {
    float[] values = new float[SHAPE.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    for (Layout to : Layout.values()) {
      float[] converted = from.convert(SHAPE, values, to);
      assertNotSame(values, converted);
      for (int n = 0; n < 2; n++) {
        for (int c = 0; c < 3; c++) {
          for (int y = 0; y < 4; y++) {
            for (int x = 0; x < 5; x++) {
              assertEquals(
                  values[from.index(SHAPE, n, c, y, x)], converted[to.index(SHAPE, n, c, y, x)]);
            }
          }
        }
      }
    }
  }

  @Test
  void convertRefusesAnotherLength() {
    Expect.refused(
        () -> Layout.NCHW.convert(SHAPE, new float[119], Layout.NHWC), "119", "needs 120");
  }

  @Test
  void aTensorSpecIsAShapeInALayout() {
    assertEquals(new TensorSpec(SHAPE, Layout.NCHW), TensorSpec.nchw(SHAPE));
    assertEquals(new TensorSpec(SHAPE, Layout.NHWC), TensorSpec.nhwc(SHAPE));
    assertEquals("NHWC 2x3x4x5", TensorSpec.nhwc(SHAPE).toString());
    Expect.nullRefused(() -> TensorSpec.nchw(null), "shape");
    Expect.nullRefused(() -> new TensorSpec(SHAPE, null), "layout");
  }
}
