package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.cpu.VectorModule;

class VectorActivationTest {

  @BeforeEach
  void needVectors() {
    VectorModule.assumePresent();
  }

  /**
   * @param units of 2^-24, of the result
   * @param absolute what is allowed besides, of 2^-24: of where the result ends in 0
   */
  @ParameterizedTest
  @CsvSource({
    "silu, 4, 0",
    "sigmoid, 4, 0",
    "hard_sigmoid, 3, 0",
    "gelu, 7, 1",
    "tanh, 4, 0",
  })
  void isExactToAFewUlpOverTheWholeRange(String name, double units, double absolute) {
    Activation activation = Activation.parse(name);
    float[] x = new float[200_003];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 100_000) * 0.0011f;
    }
    float[] y = x.clone();
    VectorActivation.apply(activation, y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = activation.apply(x[i]);
      double error = Math.abs(y[i] - exact);
      assertTrue(
          error <= 0x1p-24 * (units * Math.abs(exact) + absolute) + 1e-36,
          () -> name + " error " + error + " near " + exact);
    }
  }

  @Test
  void limitsAndNanTravel() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {inf, -inf, Float.NaN, 0x1p90f, -0x1p90f, 0};
    for (Activation activation : List.of(Activation.SILU, Activation.HARD_SWISH)) {
      float[] y = x.clone();
      VectorActivation.apply(activation, y, 0, y.length);
      assertArrayEquals(new float[] {inf, 0, Float.NaN, 0x1p90f, 0, 0}, y, activation.toString());
    }
    limits(Activation.GELU, x, inf, 0, Float.NaN, 0x1p90f, 0, 0);
    limits(Activation.SIGMOID, x, 1, 0, Float.NaN, 1, 0, 0.5f);
    limits(Activation.HARD_SIGMOID, x, 1, 0, Float.NaN, 1, 0, 0.5f);
    limits(Activation.TANH, x, 1, -1, Float.NaN, 1, -1, 0);
    float[] y = x.clone();
    VectorActivation.apply(new Activation.LeakyRelu(0.5f), y, 0, y.length);
    assertArrayEquals(new float[] {inf, -inf, Float.NaN, 0x1p90f, -0x1p89f, 0}, y);
  }

  private static void limits(Activation activation, float[] x, float... expected) {
    float[] y = x.clone();
    VectorActivation.apply(activation, y, 0, y.length);
    assertArrayEquals(expected, y, activation.toString());
  }

  @Test
  void touchesNothingOutsideItsRange() {
    float[] y = new float[70];
    java.util.Arrays.fill(y, -4);
    VectorActivation.apply(Activation.HARD_SWISH, y, 3, 40);
    for (int i = 0; i < y.length; i++) {
      assertEquals(i >= 3 && i < 40 ? 0 : -4, y[i], "at " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"silu", "sigmoid", "hard_sigmoid", "gelu", "tanh"})
  void aValueDoesNotDependOnItsPlaceOrOnTheWarmthOfTheJvm(String name) {
    Activation activation = Activation.parse(name);
    float[] x = new float[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 0.37f - 11;
    }
    float[] cold = x.clone();
    VectorActivation.apply(activation, cold, 0, cold.length);
    for (int round = 0; round < 30_000; round++) {
      float[] y = x.clone();
      VectorActivation.apply(activation, y, round % 5, y.length);
      for (int i = round % 5; i < y.length; i++) {
        assertEquals(cold[i], y[i], "value " + i + " in round " + round);
      }
    }
  }
}
