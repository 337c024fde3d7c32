package org.sepconv.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sepconv.Activation;

class VectorActivationTest {

  @BeforeEach
  void needVectors() {
    Assumptions.assumeTrue(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "this JVM was started without jdk.incubator.vector");
  }

  @Test
  void siluIsExactToAFewUlpOverTheWholeRange() {
    float[] x = new float[200_003];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i - 100_000) * 0.0011f;
    }
    float[] y = x.clone();
    VectorActivation.apply(Activation.SILU, y, 0, y.length);
    for (int i = 0; i < x.length; i++) {
      double exact = Activation.SILU.apply(x[i]);
      double error = Math.abs(y[i] - exact);
      assertTrue(
          error <= 4 * 0x1p-24 * Math.abs(exact) + 1e-36,
          () -> "silu error " + error + " near " + exact);
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
    float[] y = x.clone();
    VectorActivation.apply(new Activation.LeakyRelu(0.5f), y, 0, y.length);
    assertArrayEquals(new float[] {inf, -inf, Float.NaN, 0x1p90f, -0x1p89f, 0}, y);
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

  @Test
  void aValueDoesNotDependOnItsPlaceOrOnTheWarmthOfTheJvm() {
    float[] x = new float[64];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 0.37f - 11;
    }
    float[] cold = x.clone();
    VectorActivation.apply(Activation.SILU, cold, 0, cold.length);
    for (int round = 0; round < 30_000; round++) {
      float[] y = x.clone();
      VectorActivation.apply(Activation.SILU, y, round % 5, y.length);
      for (int i = round % 5; i < y.length; i++) {
        assertEquals(cold[i], y[i], "value " + i + " in round " + round);
      }
    }
  }
}
