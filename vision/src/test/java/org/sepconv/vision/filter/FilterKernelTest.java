package org.sepconv.vision.filter;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterKernelTest {

  @Test
  void theKernelsOfThreeAreTheTextbooks() {
    assertKernel(FilterKernel.IDENTITY, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    assertKernel(FilterKernel.BLUR, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertKernel(FilterKernel.SOBEL_X, 1, -1, 0, 1, -2, 0, 2, -1, 0, 1);
    assertKernel(FilterKernel.SOBEL_Y, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1);
    assertKernel(FilterKernel.SHARPEN, 1, 0, -1, 0, -1, 5, -1, 0, -1, 0);
    assertKernel(FilterKernel.EMBOSS, 1, -2, -1, 0, -1, 1, 1, 0, 1, 2);
  }

  @Test
  void sobelOfFiveIsOpenCvsScaled() {
    // getDerivKernels(1, 0, 5): derivative -1 -2 0 2 1, smoothing 1 4 6 4 1.
    double[] smoothing = {1, 4, 6, 4, 1};
    double[] derivative = {-1, -2, 0, 2, 1};
    double[] expected = new double[25];
    for (int i = 0; i < 25; i++) {
      expected[i] = smoothing[i / 5] / 4 * derivative[i % 5] / 3;
    }
    assertArrayEquals(expected, FilterKernel.SOBEL_X.kernel(5), 1e-12);
  }

  @Test
  void gaussianFallsAsItsSigmaSays() {
    double[] kernel = FilterKernel.GAUSSIAN.kernel(7);
    double sigma = 1.4; // 0.3 * (3 - 1) + 0.8
    assertEquals(Math.exp(-1 / (2 * sigma * sigma)), kernel[25] / kernel[24], 1e-12);
    assertEquals(Math.exp(-9 / (2 * sigma * sigma)), kernel[3] / kernel[24], 1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 7, 15, 31})
  void kernelsSumToOneOrAnswerAStepLikeThePlainSobel(int size) {
    for (FilterKernel filter :
        new FilterKernel[] {FilterKernel.IDENTITY, FilterKernel.BLUR, FilterKernel.GAUSSIAN}) {
      assertEquals(1, Arrays.stream(filter.kernel(size)).sum(), 1e-12);
    }
    double[] sobel = FilterKernel.SOBEL_X.kernel(size);
    assertEquals(0, Arrays.stream(sobel).sum(), 1e-12);
    assertEquals(4, Arrays.stream(sobel).filter(weight -> weight > 0).sum(), 1e-12);
    double[] transposed = FilterKernel.SOBEL_Y.kernel(size);
    for (int i = 0; i < size * size; i++) {
      assertEquals(sobel[i], transposed[i % size * size + i / size], 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SHARPEN", "EMBOSS"})
  void someExistAtThreeOnly(FilterKernel filter) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new PictureFilter(filter, 5, ColourMatrix.IDENTITY))
            .getMessage();
    assertEquals(filter + " exists only at 3x3, not at 5x5: set the size to 3", message);
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, 0, 1, 2, 4, 32, 33})
  void refusesOtherSizes(int size) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> new PictureFilter(FilterKernel.BLUR, size, ColourMatrix.IDENTITY))
            .getMessage();
    assertTrue(message.startsWith("size is " + size), message);
  }

  private static void assertKernel(FilterKernel filter, double divisor, double... expected) {
    for (int i = 0; i < expected.length; i++) {
      expected[i] /= divisor;
    }
    assertArrayEquals(expected, filter.kernel(3), 1e-12, filter.toString());
  }
}
