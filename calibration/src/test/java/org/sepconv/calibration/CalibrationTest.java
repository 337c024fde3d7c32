package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.KernelKind;

/** Calibration of a device whose every time is known. */
class CalibrationTest {
  private static final Duration BUDGET = Duration.ofSeconds(50);

  /** 5 microseconds, 100 GMAC/s and 20 GB/s, one after the other. */
  private static double seconds(Workload load) {
    Cost cost = Cost.of(load.convolution(), load.input());
    return 5e-6 + 1e-11 * cost.macs() + 0.5e-10 * (cost.inputBytes() + cost.outputBytes());
  }

  private static Calibration.Result calibrate(FakeDevice device) {
    return new Calibration(device, 1, device.clock::get).run(BUDGET, (_, _) -> {});
  }

  @Test
  void aDeviceOfThisKindIsRecovered() {
    FakeDevice device = new FakeDevice(8e9, CalibrationTest::seconds);
    Calibration.Result result = calibrate(device);
    assertEquals(List.of(), result.skipped());
    assertEquals(0, device.open);
    assertTrue(device.clock.get() < 60e9, () -> "took " + device.clock);
    DeviceProfile profile = device.profile().withCalibrated("measured", result.model());
    List<Double> errors = new ArrayList<>();
    for (Workload load : Operations.random(200, 5)) {
      double predicted = CostModel.predict(load.convolution(), load.input(), profile).seconds();
      errors.add(Math.abs(predicted / seconds(load) - 1));
    }
    Collections.sort(errors);
    assertTrue(errors.get(100) < 0.02, () -> "median " + errors.get(100));
    assertTrue(errors.get(180) < 0.06, () -> "90 % within " + errors.get(180));
    assertEquals(1e-3, CostModel.transferSeconds(8_000_000, profile), 2e-6);
  }

  @Test
  void whatIsFarBeyondItsKindIsNamedAndLeftOut() {
    Workload odd = Operations.covering(KernelKind.STANDARD, 5).get(4);
    FakeDevice device =
        new FakeDevice(8e9, load -> load.equals(odd) ? 50 * seconds(load) : seconds(load));
    Calibration.Result result = calibrate(device);
    assertEquals(1, result.skipped().size(), () -> "" + result.skipped());
    assertTrue(result.skipped().getFirst().startsWith(odd.toString()));
  }

  @Test
  void aDeviceThatCannotRunAKindIsCalibratedForTheOthers() {
    FakeDevice device =
        new FakeDevice(
            8e9,
            load -> KernelKind.of(load.convolution()) == KernelKind.GROUPED ? -1 : seconds(load));
    Calibration.Result result = calibrate(device);
    assertEquals(8, result.skipped().size());
    assertTrue(result.skipped().getFirst().endsWith("too odd"));
  }
}
