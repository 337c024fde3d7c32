package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationTest {

  static List<Activation> all() {
    return List.of(
        Activation.NONE,
        Activation.RELU,
        Activation.RELU6,
        Activation.HARD_SWISH,
        Activation.SILU,
        new Activation.LeakyRelu(0.01f),
        new Activation.LeakyRelu(0),
        new Activation.LeakyRelu(1),
        new Activation.Clamp(-1, 1),
        new Activation.Clamp(-0.5f, 1e-3f),
        new Activation.Clamp(Float.NEGATIVE_INFINITY, 6),
        new Activation.Clamp(0, Float.POSITIVE_INFINITY),
        new Activation.Clamp(2, 2));
  }

  @ParameterizedTest(name = "{0} of {1} is {2}")
  @CsvSource({
    "none, -2.5, -2.5",
    "relu, -2.5, 0",
    "relu, 2.5, 2.5",
    "relu6, -1, 0",
    "relu6, 5.5, 5.5",
    "relu6, 6.5, 6",
    "hard_swish, -3, 0",
    "hard_swish, -4, 0",
    "hard_swish, -1.5, -0.375",
    "hard_swish, 0, 0",
    "hard_swish, 1, 0.6666666666666666",
    "hard_swish, 3, 3",
    "hard_swish, 7, 7",
    "silu, 0, 0",
    "silu, 1, 0.7310585786300049",
    "silu, -1, -0.2689414213699951",
    "leaky_relu:0.25, 4, 4",
    "leaky_relu:0.25, -4, -1",
    "clamp:-1:2, -7, -1",
    "clamp:-1:2, 0.5, 0.5",
    "clamp:-1:2, 7, 2",
  })
  void isDefinedByItsFormula(String activation, double x, double expected) {
    assertEquals(expected, Activation.parse(activation).apply(x), 1e-15);
  }

  @ParameterizedTest
  @CsvSource({
    "none, -Infinity, Infinity",
    "relu, 0, Infinity",
    "relu6, 0, 6",
    "hard_swish, 0, Infinity",
    "silu, 0, Infinity",
    "leaky_relu:0.5, -Infinity, Infinity",
    "clamp:-1:2, -1, 2",
  })
  void infinitiesGoToTheLimits(String text, double atMinusInfinity, double atInfinity) {
    Activation activation = Activation.parse(text);
    assertEquals(atMinusInfinity, activation.apply(Double.NEGATIVE_INFINITY));
    assertEquals(atInfinity, activation.apply(Double.POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @MethodSource("all")
  void nanTravels(Activation activation) {
    assertTrue(Double.isNaN(activation.apply(Double.NaN)));
  }

  @ParameterizedTest
  @MethodSource("all")
  void noSlopeIsSteeperThanTheLipschitzConstant(Activation activation) {
    double steepest = 0;
    double step = 1e-3;
    for (double x = -10; x < 10; x += step) {
      double slope = Math.abs(activation.apply(x + step) - activation.apply(x)) / step;
      steepest = Math.max(steepest, slope);
    }
    assertTrue(steepest <= activation.lipschitz() + 1e-9, "slope " + steepest);
  }

  @ParameterizedTest
  @MethodSource("all")
  void printsAndParsesTheSame(Activation activation) {
    assertEquals(activation, Activation.parse(activation.toString()));
  }

  @ParameterizedTest
  @CsvSource({
    "ReLU6, relu6",
    "' relu ', relu",
    "Hard-Swish, hard_swish",
    "LEAKY-RELU:1e-2, leaky_relu:0.01",
    "clamp:-1e-1:+1, clamp:-0.1:1.0",
    "clamp:-inf:inf, clamp:-Infinity:Infinity",
    "clamp:-Infinity:+INF, clamp:-Infinity:Infinity",
  })
  void parsesNamesAndNumbersAsPeopleTypeThem(String text, String expected) {
    assertEquals(expected, Activation.parse(text).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "::",
        "gelu",
        "relu:",
        "relu:1",
        "relu6:6",
        "leaky_relu",
        "leaky_relu:",
        "leaky_relu:x",
        "leaky_relu:_1",
        "leaky_relu:0.1:",
        "clamp",
        "clamp:1",
        "clamp:0:6:",
        "clamp:0:1:2",
        "clamp::",
        "clamp:0-6"
      })
  void otherTextIsNoActivation(String text) {
    Expect.refused(() -> Activation.parse(text), "'" + text + "'", "hard_swish", "clamp:MIN:MAX");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    Expect.refused(() -> Activation.parse("leaky_relu:-0.5"), "slope is -0.5", "[0, 1]");
    Expect.refused(() -> Activation.parse("leaky_relu:1.5"), "slope is 1.5");
    Expect.refused(() -> Activation.parse("leaky_relu:NaN"), "slope is NaN");
    Expect.refused(() -> Activation.parse("clamp:2:1"), "2.0", "1.0", "empty");
    Expect.refused(() -> Activation.parse("clamp:NaN:1"), "NaN");
    Expect.refused(() -> Activation.parse("clamp:0:NaN"), "NaN");
    Expect.nullRefused(() -> Activation.parse(null), "text");
  }
}
