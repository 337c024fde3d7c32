package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {

  /** Computed to 40 digits with mpmath. */
  @ParameterizedTest(name = "erfc({0})")
  @CsvSource({
    "0, 1",
    "0.25, 0.72367360983176306701",
    "0.46875, 0.50738652678206200841",
    "0.5, 0.47950012218695346232",
    "1, 0.15729920705028513066",
    "2, 0.0046777349810472658379",
    "3, 0.000022090496998585441373",
    "4, 1.5417257900280018852e-8",
    "5, 1.5374597944280348502e-12",
    "10, 2.088487583762544757e-45",
    "26, 5.6631924088561428465e-296",
    "-0.25, 1.27632639016823693299",
    "-0.5, 1.5204998778130465377",
    "-1, 1.8427007929497148693",
    "-3, 1.9999779095030014146",
    "-10, 2",
  })
  void agreesWithKnownValues(double x, double expected) {
    assertEquals(expected, ErrorFunction.complement(x), 1e-15 * expected);
    assertEquals(1 - expected, ErrorFunction.of(x), 2e-16);
  }

  @Test
  void itsSlopeIsThatOfTheBellCurveAcrossTheApproximations() {
    double step = 0x1p-20;
    for (double x = -6; x < 6; x += 0x1p-8) {
      double slope =
          (ErrorFunction.complement(x + step) - ErrorFunction.complement(x - step)) / (2 * step);
      assertEquals(-2 / Math.sqrt(Math.PI) * Math.exp(-x * x), slope, 1e-9, "at " + x);
    }
  }

  @Test
  void endsInItsLimits() {
    assertEquals(0, ErrorFunction.complement(28));
    assertEquals(2, ErrorFunction.complement(-28));
    assertEquals(0, ErrorFunction.complement(Double.POSITIVE_INFINITY));
    assertEquals(2, ErrorFunction.complement(Double.NEGATIVE_INFINITY));
    assertTrue(Double.isNaN(ErrorFunction.complement(Double.NaN)));
  }
}
