package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Unary;
import org.sepconv.cpu.VectorModule;

class VectorUnaryTest {
  private static final float INF = Float.POSITIVE_INFINITY;

  @BeforeEach
  void needVectors() {
    VectorModule.assumePresent();
  }

  /** Of every exponent some floats, of both signs, and more from 1/16 to 128. */
  private static float[] floats() {
    IntStream all = IntStream.iterate(1, bits -> bits < 0x7f800000, bits -> bits + 50_021);
    IntStream usual = IntStream.range(0, 200_000).map(i -> 0x3d800000 + 460 * i);
    int[] bits = IntStream.concat(all, usual).toArray();
    float[] positive = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      positive[i] = Float.intBitsToFloat(bits[i]);
    }
    float[] both = Arrays.copyOf(positive, 2 * positive.length);
    for (int i = 0; i < positive.length; i++) {
      both[positive.length + i] = -positive[i];
    }
    return both;
  }

  /**
   * @param units of 2^-24, of the result
   * @param absolute what is allowed besides: of exponentials below the least normal float
   */
  @ParameterizedTest
  @CsvSource({
    "ABSOLUTE, 0, 0",
    "NEGATIVE, 0, 0",
    "RECIPROCAL, 1, 0",
    "EXPONENTIAL, 3, 2e-38",
    "LOGARITHM, 2, 0",
    "ERROR_FUNCTION, 3, 1e-38",
  })
  void isExactToAFewUlpOverTheWholeRange(Unary.Function function, double units, double absolute) {
    float[] x = floats();
    float[] y = x.clone();
    VectorUnary.apply(function, y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = function.apply(x[i]);
      float rounded = (float) exact;
      if (Float.isNaN(rounded) || Float.isInfinite(rounded)) {
        assertEquals(rounded, y[i], "of " + x[i]);
        continue;
      }
      double error = Math.abs(y[i] - exact);
      String what = "%s of %s is %s, not %s".formatted(function, x[i], y[i], exact);
      assertTrue(error <= 0x1p-24 * units * Math.abs(exact) + absolute + 1e-45, what);
    }
  }

  @Test
  void limitsAndNanTravel() {
    float[] x = {INF, -INF, Float.NaN, 0, -0f, -1, Float.MIN_VALUE, Float.MAX_VALUE};
    Map<Unary.Function, float[]> expected =
        Map.of(
            Unary.Function.EXPONENTIAL,
            new float[] {INF, 0, Float.NaN, 1, 1, (float) Math.exp(-1), 1, INF},
            Unary.Function.LOGARITHM,
            new float[] {INF, Float.NaN, Float.NaN, -INF, -INF, Float.NaN, -103.27893f, 88.72284f},
            Unary.Function.ERROR_FUNCTION,
            new float[] {1, -1, Float.NaN, 0, 0, -0.84270079f, Float.MIN_VALUE, 1});
    expected.forEach(
        (function, values) -> {
          float[] y = x.clone();
          VectorUnary.apply(function, y, 0, y.length);
          assertArrayEquals(values, y, 1e-7f, function.toString());
        });
  }

  @ParameterizedTest
  @EnumSource
  void aValueDependsOnItsArgumentAloneAndNothingElseIsTouched(Unary.Function function) {
    float[] x = new float[133];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.37f * (i - 40);
    }
    float[] whole = x.clone();
    VectorUnary.apply(function, whole, 0, whole.length);
    for (int from = 0; from < 40; from += 3) {
      for (int end = from; end < x.length; end += 7) {
        float[] y = x.clone();
        VectorUnary.apply(function, y, from, end);
        float[] expected = x.clone();
        System.arraycopy(whole, from, expected, from, end - from);
        assertArrayEquals(expected, y);
      }
    }
  }
}
