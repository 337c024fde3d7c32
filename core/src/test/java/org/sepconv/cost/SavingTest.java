package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;

class SavingTest {

  @Test
  void seventyThreeAgainstFiveHundredAndSeventySix() {
    Saving saving = Saving.of(SeparableConv2d.of(64, 64).same().build(), Shape.of(64, 56, 56));
    long perInput = 56 * 56 * 64; // MACs for each value of the input
    assertEquals(73 * perInput, saving.separable().macs());
    assertEquals(576 * perInput, saving.standard().macs());
    assertEquals(576.0 / 73, saving.macs());
    assertEquals(7.89, saving.macs(), 0.005);
    assertEquals(576.0 / 73, saving.parameters());
    // Bytes: 2 * 802,816 of tensors, and 4,672 or 36,864 filter values.
    assertEquals((1_605_632.0 + 147_456) / (1_605_632 + 18_688), saving.bytes());
  }

  @ParameterizedTest(name = "K {0}, O {1}, stride {2}")
  @CsvSource({"3, 64, 1", "3, 1024, 2", "5, 32, 1", "7, 8, 3", "1, 16, 1"})
  void isTheFormulaOfThePaper(int k, int o, int stride) {
    SeparableConv2d separable = SeparableConv2d.of(24, o).kernel(k).stride(stride).same().build();
    Saving saving = Saving.of(separable, new Shape(2, 24, 30, 30));
    double expected = (double) (k * k * o) / (k * k + o);
    assertEquals(expected, saving.macs(), 1e-12 * expected);
    assertEquals(expected, saving.parameters(), 1e-12 * expected);
  }

  @Test
  void aDepthMultiplierCosts() {
    SeparableConv2d separable = SeparableConv2d.of(8, 16).depthMultiplier(2).same().build();
    Saving saving = Saving.of(separable, Shape.of(8, 10, 10));
    // For each pixel: 8 * 16 * 9 against 16 * 9 + 16 * 16.
    assertEquals(1152.0 / 400, saving.macs());
  }

  @Test
  void biasesAreNotAmongTheParameters() {
    Shape input = Shape.of(8, 10, 10);
    assertEquals(
        Saving.of(SeparableConv2d.of(8, 16).same().build(), input).parameters(),
        Saving.of(SeparableConv2d.of(8, 16).same().bias().build(), input).parameters());
  }
}
