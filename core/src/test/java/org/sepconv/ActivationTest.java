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
        Activation.SIGMOID,
        Activation.HARD_SIGMOID,
        Activation.GELU,
        Activation.TANH,
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
    "sigmoid, 0, 0.5",
    "sigmoid, 1, 0.7310585786300049",
    "sigmoid, -3, 0.04742587317756678",
    "hard_sigmoid, -3, 0",
    "hard_sigmoid, -4, 0",
    "hard_sigmoid, -1.5, 0.25",
    "hard_sigmoid, 0, 0.5",
    "hard_sigmoid, 3, 1",
    "hard_sigmoid, 7, 1",
    "gelu, 0, 0",
    "gelu, 1, 0.8413447460685429",
    "gelu, -1, -0.15865525393145705",
    "gelu, -3, -0.00404969409489028",
    "gelu, 2.5, 2.4844758366855597",
    "tanh, 0, 0",
    "tanh, 0.5, 0.46211715726000976",
    "tanh, -3, -0.9950547536867305",
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
    "sigmoid, 0, 1",
    "hard_sigmoid, 0, 1",
    "gelu, 0, Infinity",
    "tanh, -1, 1",
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
    "Hard-Sigmoid, hard_sigmoid",
    "GELU, gelu",
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
        "elu",
        "gelu:tanh",
        "sigmoid:1",
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
