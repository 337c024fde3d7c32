package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayerRowTest {

  static LayerRow row(String convolution, double seconds, List<Double> forks) {
    return new LayerRow(
        "l",
        Variant.GIVEN,
        convolution,
        "1x8x8x8",
        1000,
        100,
        "cpu",
        false,
        "kernel",
        seconds,
        forks,
        Sample.modes(forks),
        1,
        1,
        0,
        0.5,
        1,
        1,
        1,
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void takesTheSpreadAndTheSpeedup() {
    assertEquals(3, row("c", 2e-3, List.of(1e-3, 3e-3, 2e-3)).spread(), 1e-12);
    assertEquals(
        2, row("c", 2e-3, List.of(2e-3)).withSpeedupOver(4e-3).speedupOverBestPeer().get());
  }

  @Test
  void namesAConvolutionBriefly() {
    assertEquals(
        "separable 3x3 512->1024 stride 2",
        row(
                "separable [depthwise 3x3 512->512 stride 2 padding same bias relu6 + pointwise 1x1 512->1024 bias relu6]",
                1,
                List.of(1.0))
            .summary());
    assertEquals(
        "standard 3x3 3->32 stride 2",
        row("standard 3x3 3->32 stride 2 padding same bias relu6", 1, List.of(1.0)).summary());
  }

  @Test
  void twoGroupsAreNoticed() {
    assertEquals(
        List.of(1.005, 2.01), Sample.modes(List.of(1.0, 2.0, 1.01, 2.02)), "two clear groups");
    assertEquals(1, Sample.modes(List.of(1.0, 1.01, 1.02, 1.03, 1.04)).size(), "one group");
    assertEquals(1, Sample.modes(List.of(1.0, 1.01, 1.02, 1.03, 3.0)).size(), "an outlier");
    assertEquals(
        1, Sample.modes(List.of(1.0, 1.05, 1.5, 2.0, 2.6, 3.3)).size(), "wide, but one group");
    assertEquals(List.of(5.0), Sample.modes(List.of(5.0)));
    assertFalse(row("c", 1, List.of(1.0, 1.02)).bimodal());
  }
}
