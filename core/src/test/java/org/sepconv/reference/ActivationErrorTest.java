package org.sepconv.reference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sepconv.Activation;

/** What the bound accepts of curved activations, whose functions differ from library to library. */
class ActivationErrorTest {

  private static Reference.Result resultOf(Activation activation, float x) {
    return ReferenceResultTest.resultOf(activation, x);
  }

  @Test
  void siluMayUseAnExponentialOfFourUlp() {
    for (float x = -90; x < 90; x += 0.0137f) {
      accepted(Activation.SILU, x, Float32.silu(x, 4));
      accepted(Activation.SILU, x, Float32.silu(x, -4));
    }
  }

  @Test
  void theOthersMayBeMadeOfFunctionsOfSomeUlp() {
    for (float x = -90; x < 90; x += 0.0137f) {
      for (int sign : new int[] {-1, 1}) {
        accepted(Activation.SIGMOID, x, Float32.sigmoid(x, 4 * sign));
        accepted(Activation.GELU, x, Float32.gelu(x, 16 * sign));
        float tanh = (float) Math.tanh(x);
        accepted(Activation.TANH, x, tanh + sign * 4 * Math.ulp(tanh));
      }
      accepted(Activation.HARD_SIGMOID, x, Math.clamp(x * (1 / 6f) + 0.5f, 0f, 1f));
      accepted(Activation.HARD_SIGMOID, x, Math.clamp(x + 3, 0f, 6f) * (1 / 6f));
    }
  }

  private static void accepted(Activation activation, float x, float y) {
    assertTrue(resultOf(activation, x).accepts(0, y), activation + " of " + x + " is " + y);
  }

  @Test
  void butNotOfOtherFunctions() {
    for (float x : new float[] {-2, -1, 0.5f, 1, 2}) {
      double inner = Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
      float approximate = (float) (0.5 * x * (1 + Math.tanh(inner)));
      assertFalse(resultOf(Activation.GELU, x).accepts(0, approximate), "gelu of " + x);
      float keras = Math.clamp(0.2f * x + 0.5f, 0f, 1f);
      assertFalse(resultOf(Activation.HARD_SIGMOID, x).accepts(0, keras), "of " + x);
    }
    assertFalse(resultOf(Activation.GELU, -20).accepts(0, -1e-4f));
  }
}
