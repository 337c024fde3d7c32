package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaddingTest {

  /**
   * TensorFlow ("SAME"): out = ceil(in / stride), total = max((out - 1) * stride + effective kernel
   * - in, 0), before = total / 2; ONNX (auto_pad): SAME_UPPER the same, SAME_LOWER puts the odd one
   * before.
   */
  @ParameterizedTest(name = "size {0}, effective kernel {1}, stride {2}")
  @CsvSource({
    // size, effective kernel, stride, upper before, upper after, lower before, lower after
    "224, 3, 2, 0, 1, 1, 0", // MobileNet's first layer, as TensorFlow pads it
    "112, 3, 1, 1, 1, 1, 1",
    "7,   3, 2, 1, 1, 1, 1",
    "8,   3, 2, 0, 1, 1, 0",
    "5,   2, 1, 0, 1, 1, 0", // even kernels
    "5,   4, 1, 1, 2, 2, 1",
    "6,   4, 2, 1, 1, 1, 1",
    "5,   6, 2, 2, 3, 3, 2",
    "9,   5, 1, 2, 2, 2, 2", // 3 x 3 with dilation 2
    "9,   7, 2, 3, 3, 3, 3", // 3 x 3 with dilation 3, stride 2
    "10,  7, 2, 2, 3, 3, 2",
    "6,   1, 2, 0, 0, 0, 0", // stride beyond the kernel
    "5,   1, 3, 0, 0, 0, 0",
    "6,   2, 4, 0, 0, 0, 0",
    "5,   2, 4, 0, 1, 1, 0", // ... and padding nevertheless
    "1,   3, 1, 1, 1, 1, 1", // one pixel
    "1,   4, 5, 1, 2, 2, 1",
    "2,   7, 3, 2, 3, 3, 2", // kernel beyond the input
  })
  void sameInNumbers(
      int size,
      int kernel,
      int stride,
      int upperBefore,
      int upperAfter,
      int lowerBefore,
      int lowerAfter) {
    assertEquals(
        Padding.of(upperBefore, upperBefore, upperAfter, upperAfter),
        Padding.same().resolve(size, size, kernel, kernel, stride, stride));
    assertEquals(
        Padding.of(lowerBefore, lowerBefore, lowerAfter, lowerAfter),
        Padding.sameLower().resolve(size, size, kernel, kernel, stride, stride));
  }

  @Test
  void sameIsResolvedForEachDirectionAlone() {
    assertEquals(Padding.of(0, 1, 1, 2), Padding.same().resolve(8, 5, 3, 4, 2, 1));
    assertEquals(Padding.of(1, 2, 0, 1), Padding.sameLower().resolve(8, 5, 3, 4, 2, 1));
  }

  @Test
  void sameGivesInputOverStrideRoundedUp() {
    for (int size = 1; size <= 20; size++) {
      for (int kernel = 1; kernel <= 7; kernel++) {
        for (int stride = 1; stride <= 9; stride++) {
          for (int dilation = 1; dilation <= 3; dilation++) {
            int effective = dilation * (kernel - 1) + 1;
            for (Padding same : new Padding[] {Padding.same(), Padding.sameLower()}) {
              Padding.Explicit sides =
                  same.resolve(size, size, effective, effective, stride, stride);
              int output = (size + sides.top() + sides.bottom() - effective) / stride + 1;
              assertEquals(Math.ceilDiv(size, stride), output);
              assertTrue(Math.abs(sides.top() - sides.bottom()) <= 1);
            }
          }
        }
      }
    }
  }

  @Test
  void sameDoesNotOverflow() {
    int max = Integer.MAX_VALUE;
    assertEquals(
        Padding.of(max / 2, 0, max / 2, 0), Padding.same().resolve(max, 1, max, 1, 1, max));
  }

  @Test
  void explicitPaddingDoesNotDependOnTheInput() {
    Padding padding = Padding.of(1, 2, 3, 4);
    assertEquals(padding, padding.resolve(9, 9, 3, 3, 2, 2));
    assertEquals(Padding.of(0, 0, 0, 0), Padding.valid());
    assertEquals(Padding.of(2, 2, 2, 2), Padding.of(2));
  }

  @Test
  void symmetricMeansOppositeSides() {
    assertTrue(new Padding.Explicit(1, 2, 1, 2).symmetric());
    assertFalse(new Padding.Explicit(1, 1, 2, 1).symmetric());
    assertFalse(new Padding.Explicit(1, 1, 1, 2).symmetric());
  }

  @ParameterizedTest
  @CsvSource({"-1,0,0,0,top", "0,-1,0,0,left", "0,0,-1,0,bottom", "0,0,0,-1,right"})
  void noSideIsNegative(int top, int left, int bottom, int right, String side) {
    Expect.refused(() -> Padding.of(top, left, bottom, right), "padding " + side + " is -1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0,0,0,0", "1,2,3,4", "same", "same_lower"})
  void printsAndParsesTheSame(String text) {
    assertEquals(text, Padding.parse(text).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "valid      | 0,0,0,0",
        "VALID      | 0,0,0,0",
        "SAME       | same",
        "same_upper | same",
        "SAME-UPPER | same",
        "Same-Lower | same_lower",
        "3          | 3,3,3,3",
        "1, 2, 3, 4 | 1,2,3,4",
      })
  void parsesTheNamesOfTheField(String text, String expected) {
    assertEquals(expected, Padding.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "1,2",
        "1,2,3",
        "1,2,3,4,5",
        "1,,2,3",
        "1,2,3,",
        "full",
        "1.5",
        "1e3",
        "99999999999"
      })
  void otherTextIsNoPadding(String text) {
    Expect.refused(() -> Padding.parse(text), "'" + text + "'", "valid, same, same_lower");
  }

  @Test
  void parsedSidesAreCheckedToo() {
    Expect.refused(() -> Padding.parse("1,1,-1,1"), "padding bottom is -1");
    Expect.nullRefused(() -> Padding.parse(null), "text");
  }
}
