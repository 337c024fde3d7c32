package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvGeometryTest {

  @ParameterizedTest(name = "input {0}, kernel {1}, stride {2}, dilation {3}, padding {4}: {5}")
  @CsvSource({
    "56, 3, 1, 1, 1, 56",
    "56, 3, 2, 1, 1, 28",
    "7, 3, 2, 1, 0, 3",
    "8, 3, 2, 1, 0, 3",
    "3, 3, 1, 1, 0, 1",
    "5, 3, 1, 2, 0, 1",
    "9, 2, 1, 1, 0, 8",
    "9, 4, 3, 1, 0, 2",
    "9, 1, 4, 1, 0, 3",
    "9, 1, 100, 1, 0, 1",
    "9, 3, 2147483647, 1, 0, 1",
    "1, 3, 1, 1, 1, 1",
    "1, 3, 1, 1, 5, 9", // padding beyond the kernel: outputs of bias only
    "1, 1, 1, 1, 5, 11",
    "4, 3, 3, 2, 7, 5",
  })
  void outputSize(int size, int kernel, int stride, int dilation, int padding, int expected) {
    Conv2d conv =
        Conv2d.of(2, 3).kernel(kernel).stride(stride).dilation(dilation).padding(padding).build();
    assertEquals(
        new Shape(4, 3, expected, expected), conv.outputShape(new Shape(4, 2, size, size)));
  }

  @Test
  void rowsAndColumnsAreIndependent() {
    Conv2d conv =
        Conv2d.of(1, 1)
            .kernel(3, 2)
            .stride(2, 3)
            .dilation(1, 4)
            .padding(Padding.of(1, 2, 0, 3))
            .build();
    ConvGeometry geometry = conv.geometry(Shape.of(1, 10, 8));
    assertEquals(Shape.of(1, (10 + 1 - 3) / 2 + 1, (8 + 5 - 5) / 3 + 1), geometry.output());
    assertEquals(-1, geometry.inputRow(0));
    assertEquals(3, geometry.inputRow(2));
    assertEquals(-2, geometry.inputColumn(0));
    assertEquals(4, geometry.inputColumn(2));
  }

  @Test
  void samePaddingIsResolved() {
    ConvGeometry geometry =
        Conv2d.of(3, 32).kernel(3).stride(2).same().build().geometry(Shape.of(3, 224, 224));
    assertEquals(Shape.of(32, 112, 112), geometry.output());
    assertEquals(Padding.of(0, 0, 1, 1), geometry.padding());
  }

  @Test
  void channelsMustMatch() {
    Expect.refused(
        () -> Conv2d.of(64, 64).build().geometry(Shape.of(32, 8, 8)),
        "input has 32 channels",
        "expects 64",
        "groups=1");
  }

  @Test
  void emptyOutputsAreRefused() {
    Conv2d conv = Conv2d.of(1, 1).kernel(5, 3).padding(Padding.of(1, 0, 1, 0)).build();
    Expect.refused(
        () -> conv.geometry(Shape.of(1, 2, 8)),
        "empty",
        "height is 4 (1 + 2 + 1)",
        "effective kernel 5");
    Expect.refused(
        () -> conv.geometry(Shape.of(1, 8, 2)), "empty", "width is 2", "effective kernel 3");
    Expect.refused(
        () -> Conv2d.of(1, 1).kernel(3).dilation(4).build().geometry(Shape.of(1, 8, 9)),
        "height is 8",
        "effective kernel 9");
  }

  @Test
  void paddedSizesThatOverflowAreRefused() {
    int max = Integer.MAX_VALUE;
    Expect.refused(
        () ->
            Conv2d.of(1, 1).padding(Padding.of(max, 0, max, 0)).build().geometry(Shape.of(1, 1, 1)),
        "padded input height is 4294967295");
    Expect.refused(
        () -> Conv2d.of(1, 1).padding(Padding.of(0, max, 0, 0)).build().geometry(Shape.of(1, 1, 1)),
        "padded input width is 2147483648");
  }

  @Test
  void outputsThatOverflowAreRefused() {
    Expect.refused(
        () -> Conv2d.of(1, 1 << 20).build().geometry(Shape.of(1, 1 << 10, 1 << 10)),
        "1099511627776");
    Expect.refused(
        () -> Conv2d.of(1, 1).padding(1 << 20).build().geometry(Shape.of(1, 1, 1)), "values");
  }

  @Test
  void largeSizesThatFitAreRight() {
    int padding = Shape.MAX_ELEMENTS - 1;
    ConvGeometry geometry =
        Conv2d.of(1, 1)
            .kernel(3, 1)
            .dilation(1 << 29, 1)
            .stride(1 << 29, 1)
            .padding(Padding.of(padding, 0, 0, 0))
            .build()
            .geometry(Shape.of(1, 1, 1));
    assertEquals(2, geometry.output().h());
    assertEquals(-padding, geometry.inputRow(0));
    assertEquals((1 << 29) - padding, geometry.inputRow(1));
    for (int y = 0; y < 2; y++) {
      assertEquals(geometry.firstTapRow(y), geometry.endTapRow(y));
    }
  }

  /** The tap functions against what they say: the filter rows that meet the input. */
  @Test
  void tapsAgainstBruteForce() {
    int checked = 0;
    for (int size = 1; size <= 6; size++) {
      for (int kernel = 1; kernel <= 4; kernel++) {
        for (int stride = 1; stride <= 5; stride += 2) {
          for (int dilation = 1; dilation <= 4; dilation++) {
            for (int before = 0; before <= 9; before += 3) {
              for (int after = 0; after <= 8; after += 4) {
                int effective = dilation * (kernel - 1) + 1;
                if (size + before + after >= effective) {
                  checkTaps(size, kernel, stride, dilation, before, after);
                  checked++;
                }
              }
            }
          }
        }
      }
    }
    assertTrue(checked > 3000, checked + " cases");
  }

  private static void checkTaps(
      int size, int kernel, int stride, int dilation, int before, int after) {
    // The columns get other numbers than the rows, so that a swap is seen.
    Conv2d rows =
        Conv2d.of(1, 1)
            .kernel(kernel, 1)
            .stride(stride, 1)
            .dilation(dilation, 1)
            .padding(Padding.of(before, 0, after, 0))
            .build();
    Conv2d columns =
        Conv2d.of(1, 1)
            .kernel(1, kernel)
            .stride(1, stride)
            .dilation(1, dilation)
            .padding(Padding.of(0, before, 0, after))
            .build();
    ConvGeometry tall = rows.geometry(Shape.of(1, size, 1));
    ConvGeometry wide = columns.geometry(Shape.of(1, 1, size));
    assertEquals(tall.output().h(), wide.output().w());
    for (int out = 0; out < tall.output().h(); out++) {
      int met = 0;
      for (int tap = 0; tap < kernel; tap++) {
        int position = out * stride - before + tap * dilation;
        boolean inside = position >= 0 && position < size;
        met += inside ? 1 : 0;
        String place = "tap " + tap + " of output " + out + " of " + rows + " on " + size;
        assertEquals(inside, tall.firstTapRow(out) <= tap && tap < tall.endTapRow(out), place);
        assertEquals(
            inside, wide.firstTapColumn(out) <= tap && tap < wide.endTapColumn(out), place);
      }
      // A loop from first to end must be empty, not backwards, where nothing is met.
      assertEquals(met, tall.endTapRow(out) - tall.firstTapRow(out));
      assertEquals(met, wide.endTapColumn(out) - wide.firstTapColumn(out));
    }
  }
}
