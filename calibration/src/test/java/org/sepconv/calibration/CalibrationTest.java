package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.KernelKind;
import org.sepconv.Shape;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Level;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;

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
  void ceilingsAreMeasuredByThemselves() {
    FakeDevice device = new FakeDevice(8e9, CalibrationTest::seconds);
    Ceilings ceilings = calibrate(device).model().ceilings();
    assertEquals(5e-6, ceilings.launchSeconds(), 1e-7);
    assertEquals(200e9, ceilings.flops(), 20e9);
    assertEquals(List.of("memory"), ceilings.levels().stream().map(Level::name).toList());
    assertEquals(20e9, ceilings.levels().getFirst().bytesPerSecond(), 2e9);
    assertTrue(ceilings.bandwidths().getFirst().bytes() < 20_000);
    assertTrue(ceilings.bandwidths().getLast().bytes() > 50_000_000);
  }

  @Test
  void aBriefOneGivesARoofline() {
    FakeDevice device = new FakeDevice(8e9, CalibrationTest::seconds);
    Calibration.Result result =
        new Calibration(device, 1, device.clock::get).runBriefly(Calibration.BRIEF, (_, _) -> {});
    assertEquals(List.of(), result.skipped());
    assertEquals(0, device.open);
    assertTrue(device.clock.get() < 10e9, () -> "took " + device.clock);
    DeviceProfile profile = device.profile().withCalibrated("briefly", result.model());
    Workload load = new Workload(Conv2d.pointwise(200, 100).build(), Shape.of(200, 40, 40));
    Prediction prediction = CostModel.predict(load.convolution(), load.input(), profile);
    assertEquals(seconds(load), prediction.seconds(), 0.5 * seconds(load));
    assertEquals("compute", prediction.bound());
  }

  @Test
  void littleTimeIsForFewOperations() {
    FakeDevice device = new FakeDevice(8e9, CalibrationTest::seconds);
    Calibration.Result result =
        new Calibration(device, 1, device.clock::get).run(Duration.ofSeconds(5), (_, _) -> {});
    assertEquals(22, result.model().observations().size());
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
