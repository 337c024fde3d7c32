package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ActivationTextTest {

  static java.util.List<Activation> activations() {
    return java.util.List.of(
        Activation.NONE,
        Activation.HARD_SWISH,
        new Activation.LeakyRelu(1e-3f),
        new Activation.Clamp(-3, 4),
        new Activation.Clamp(Float.NEGATIVE_INFINITY, -1e-8f),
        new Activation.Clamp(0, Float.POSITIVE_INFINITY));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void parsesWhatItPrints(Activation activation) {
    assertEquals(activation, Activation.parse(activation.toString()));
  }
}
