package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Expect;
import org.sepconv.KernelKind;

class DeviceProfileTest {
  private static final Map<KernelKind, Double> EFFICIENCY =
      Map.of(
          KernelKind.STANDARD, 0.5,
          KernelKind.GROUPED, 0.25,
          KernelKind.DEPTHWISE, 0.125,
          KernelKind.POINTWISE, 1.0);

  @ParameterizedTest
  @ValueSource(doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void ratesArePositiveAndFinite(double wrong) {
    Expect.refused(() -> new DeviceProfile("", wrong, 1, 0, EFFICIENCY), "peak is " + wrong);
    Expect.refused(
        () -> new DeviceProfile("", 1, wrong, 0, EFFICIENCY), "bandwidth of 1 bytes is " + wrong);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1e-9, Double.NaN, Double.POSITIVE_INFINITY})
  void theLaunchTakesAFiniteTime(double wrong) {
    new DeviceProfile("", 1, 1, 0, EFFICIENCY);
    Expect.refused(() -> new DeviceProfile("", 1, 1, wrong, EFFICIENCY), "launch", "" + wrong);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindHasAnEfficiency(KernelKind kind) {
    double known = new DeviceProfile("", 1, 1, 0, Map.of(kind, 0.375)).efficiency(kind);
    assertEquals(0.375, known);
    double unknown = new DeviceProfile("", 1, 1, 0, Map.of()).efficiency(kind);
    assertTrue(unknown > 0 && unknown < 0.375, "a low one that can be divided by: " + unknown);
    for (double wrong : new double[] {0, -0.5, 1.5, Double.NaN}) {
      Map<KernelKind, Double> changed = new EnumMap<>(EFFICIENCY);
      changed.put(kind, wrong);
      Expect.refused(() -> new DeviceProfile("", 1, 1, 0, changed), kind.name(), "" + wrong);
    }
  }

  @Test
  void theEfficienciesAreCopied() {
    Map<KernelKind, Double> given = new EnumMap<>(EFFICIENCY);
    DeviceProfile profile = new DeviceProfile("", 1, 1, 0, given);
    given.clear();
    assertEquals(EFFICIENCY, profile.efficiency());
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> new DeviceProfile(null, 1, 1, 0, EFFICIENCY), "source");
    Expect.nullRefused(() -> new DeviceProfile("", 1, 1, 0, null), "efficiency");
  }
}
