package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.cpu.VectorModule;

class VectorPowerTest {
  /** Any bits, and as many values about 1. */
  private static final int EACH = 20_000;

  @BeforeEach
  void needVectors() {
    VectorModule.assumePresent();
  }

  @ParameterizedTest
  @ValueSource(
      floats = {0, 1, -1, 4, 5, -3, 100, -100, 16_777_216, 0.75f, -0.75f, 2.4f, 1e-20f, 1e20f})
  @DisplayName("as those of the JDK in float64, rounded: a few of the last places are others")
  void isExactOverTheWholeRange(float exponent) {
    float[] x = values();
    float[] y = new float[x.length];
    VectorPower.apply(exponent, x, 0, y, 0, x.length);
    for (int i = 0; i < x.length; i++) {
      double exact = Math.pow(x[i], exponent);
      float rounded = (float) exact;
      if (Float.isNaN(rounded) || Float.isInfinite(rounded) || rounded == 0) {
        assertEquals(rounded, y[i], "of " + x[i]);
        continue;
      }
      double error = Math.abs(y[i] - exact);
      String what = "%s to %s is %s, not %s".formatted(x[i], exponent, y[i], exact);
      assertTrue(error <= 0.55 * Math.ulp(rounded), what);
    }
  }

  private static float[] values() {
    SplittableRandom random = new SplittableRandom(1);
    float[] x = new float[2 * EACH];
    for (int i = 0; i < EACH; i++) {
      x[i] = Float.intBitsToFloat(random.nextInt());
      x[EACH + i] = (float) Math.exp(8 * random.nextDouble() - 4);
    }
    float inf = Float.POSITIVE_INFINITY;
    float[] special = {
      0, -0f, inf, -inf, Float.NaN, 1, -1, Float.MIN_VALUE, -Float.MIN_VALUE, Float.MAX_VALUE
    };
    System.arraycopy(special, 0, x, 0, special.length);
    return x;
  }

  @Test
  void aValueDependsOnItsArgumentAloneAndNothingElseIsTouched() {
    float[] x = new float[600];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.37f * (i + 1);
    }
    float[] whole = new float[x.length];
    VectorPower.apply(-0.6f, x, 0, whole, 0, x.length);
    for (int from = 0; from < 300; from += 31) {
      for (int end = from; end < x.length; end += 47) {
        float[] y = x.clone();
        VectorPower.apply(-0.6f, y, from, y, from, end - from);
        float[] expected = x.clone();
        System.arraycopy(whole, from, expected, from, end - from);
        assertArrayEquals(expected, y);
      }
    }
  }
}
