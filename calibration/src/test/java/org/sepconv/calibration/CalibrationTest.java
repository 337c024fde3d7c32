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
import org.sepconv.Problem;
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
  private static double seconds(Problem problem) {
    Cost cost = Cost.of(problem);
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
    for (Problem problem : Operations.random(200, 5)) {
      double predicted = CostModel.predict(problem, profile).seconds();
      errors.add(Math.abs(predicted / seconds(problem) - 1));
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
    Problem problem = Operations.on(Conv2d.pointwise(200, 100).build(), Shape.of(200, 40, 40));
    Prediction prediction = CostModel.predict(problem, profile);
    assertEquals(seconds(problem), prediction.seconds(), 0.5 * seconds(problem));
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
    Problem odd = Operations.covering(KernelKind.STANDARD, 5).get(4);
    FakeDevice device =
        new FakeDevice(
            8e9, problem -> problem.equals(odd) ? 50 * seconds(problem) : seconds(problem));
    Calibration.Result result = calibrate(device);
    assertEquals(1, result.skipped().size(), () -> "" + result.skipped());
    assertEquals(
        Operations.describe(odd) + ": more than 3.0 times as long as its kind usually takes",
        result.skipped().getFirst());
  }

  @Test
  void aDeviceThatCannotRunAKindIsCalibratedForTheOthers() {
    FakeDevice device =
        new FakeDevice(
            8e9,
            problem -> problem.operation().kind() == KernelKind.GROUPED ? -1 : seconds(problem));
    Calibration.Result result = calibrate(device);
    assertEquals(8, result.skipped().size());
    assertTrue(result.skipped().getFirst().endsWith("too odd"));
  }
}
