package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.ConvWeights;

class TestDataTest {
  private static final ShapeCase CASE =
      ShapeFile.parseLine("case standard in=7x9x11 out=5 kernel=3 bias=true");

  @ParameterizedTest
  @EnumSource
  void isTheSameForTheSameSeed(DataKind kind) {
    TestData first = TestData.of(CASE, kind, 3);
    TestData second = TestData.of(CASE, kind, 3);
    assertArrayEquals(first.input(), second.input());
    assertEquals(first.weights(), second.weights());
    assertFalse(java.util.Arrays.equals(first.input(), TestData.of(CASE, kind, 4).input()));
  }

  @Test
  void integersAreSmallWholeNumbersOfBothSigns() {
    float[] input = TestData.of(CASE, DataKind.INTEGERS, 1).input();
    for (float value : input) {
      assertTrue(value == Math.rint(value) && Math.abs(value) <= 3, "" + value);
    }
    assertTrue(IntStream.range(0, input.length).anyMatch(i -> input[i] == -3));
    assertTrue(IntStream.range(0, input.length).anyMatch(i -> input[i] == 3));
  }

  @Test
  void notFiniteDataHasEachSpecialValueAndFiniteWeights() {
    TestData data = TestData.of(CASE, DataKind.NOT_FINITE, 1);
    int[] found = new int[3];
    for (float value : data.input()) {
      if (Float.isNaN(value)) {
        found[0]++;
      } else if (Float.isInfinite(value)) {
        found[value > 0 ? 1 : 2]++;
      }
    }
    assertTrue(found[0] > 0 && found[1] > 0 && found[2] > 0);
    assertTrue(found[0] + found[1] + found[2] < data.input().length / 32);
    for (float weight : ((ConvWeights) data.weights()).filter()) {
      assertTrue(Float.isFinite(weight));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "none, true",
    "relu, true",
    "relu6, true",
    "clamp:-3:Infinity, true",
    "clamp:-0.5:1, false",
    "leaky_relu:0.25, true",
    "leaky_relu:0, true",
    "leaky_relu:1, true",
    "leaky_relu:0.1, false",
    "leaky_relu:1e-6, false",
    "hard_swish, false",
    "silu, false",
    "sigmoid, false",
    "hard_sigmoid, false",
    "gelu, false",
    "tanh, false",
  })
  void knowsWhichActivationsKeepSumsExact(String activation, boolean exact) {
    for (String kind : new String[] {"depthwise", "separable"}) {
      ShapeCase shape =
          ShapeFile.parseLine("case %s in=7x9x11 activation=%s".formatted(kind, activation));
      assertEquals(exact, TestData.of(shape, DataKind.INTEGERS, 1).exact(), shape::toString);
      assertFalse(TestData.of(shape, DataKind.FLOATS, 1).exact());
    }
  }

  @Test
  void aFractionOfBothStagesCountsTowardsTheLimit() {
    String wide = "case separable in=1024x5x5 activation=leaky_relu:%s/leaky_relu:%s";
    assertTrue(exact(wide.formatted("0.25", "0.25")));
    assertTrue(exact(wide.formatted("0.0009765625", "1")));
    assertFalse(exact(wide.formatted("0.0009765625", "0.0009765625")));
  }

  @Test
  void sumsOfTheWidestChainsStayExact() {
    for (String name : ShapeFile.names()) {
      for (ShapeCase shape : ShapeFile.named(name)) {
        if (shape.theme().equals("activation")) {
          continue; // among them some that are not exact: see above
        }
        boolean curved =
            Pattern.compile("silu|swish|sigmoid|gelu|tanh").matcher(shape.toString()).find();
        assertEquals(!curved, exact(shape.toString()), shape::toString);
      }
    }
    assertFalse(exact("huge pointwise in=20000000x1x1 out=1"));
  }

  private static boolean exact(String line) {
    return TestData.of(ShapeFile.parseLine(line), DataKind.INTEGERS, 1).exact();
  }
}
