package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Gather;
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

  private static double secondsOneByOne(Problem problem) {
    if (problem.operation() instanceof Activate(Activation activation)) {
      return activation.equals(Activation.SILU) ? 30e-6 : 10e-6;
    }
    if (problem.operation() instanceof Gather) {
      return 5e-6 + 1e-9 * 2 * problem.source().shape().elements();
    }
    // Weights beyond 8 MB come from farther away.
    long weights = Cost.of(problem).weightBytes();
    return seconds(problem) + weights * (weights > 8_000_000 ? 1e-10 : 1e-11);
  }

  @Test
  void weightsAndWhatMovesValuesAreMeasuredOneByOne() {
    FakeDevice device = new FakeDevice(8e9, CalibrationTest::secondsOneByOne);
    Calibration.Result result = calibrate(device);
    Ceilings ceilings = result.model().ceilings();
    assertEquals(20e-6 / (64 * 28 * 28), ceilings.perValue().get("Silu"), 1e-13);
    assertEquals(0, ceilings.perValue().get("Gelu"), 1e-13);
    assertEquals(1e-9, ceilings.perValue().get("Gather"), 1e-11);
    assertEquals(
        List.of(262_144L, 1_048_576L, 4_194_304L, 16_777_216L, 33_547_264L),
        ceilings.weights().stream().map(Ceilings.Bandwidth::bytes).toList());
    DeviceProfile profile =
        device.profile().withCalibrated("measured", result.model().withInNetworks(1));
    Problem classifier = Operations.on(Conv2d.pointwise(1024, 1000).build(), Shape.of(1024, 1, 1));
    double alone = CostModel.predict(classifier, profile).seconds();
    double among = CostModel.predict(classifier, profile, 30_000_000).seconds();
    assertEquals(4.1e6 * 9e-11, among - alone, 1e-4);
    assertTrue(among > 2 * alone, () -> among + " and alone " + alone);
    Problem activated =
        Operations.on(
            Conv2d.pointwise(200, 100).activation(Activation.SILU).build(), Shape.of(200, 40, 40));
    Problem clamped =
        Operations.on(Conv2d.pointwise(200, 100).relu6().build(), Shape.of(200, 40, 40));
    assertEquals(
        100 * 40 * 40 * 20e-6 / (64 * 28 * 28),
        CostModel.predict(activated, profile).seconds()
            - CostModel.predict(clamped, profile).seconds(),
        1e-9);
  }

  /** Whether it has the size of a layer of the networks that calibration runs. */
  private static boolean isOfNetwork(Problem problem) {
    Shape shape = problem.source().shape();
    return shape.h() == shape.w() && Set.of(128, 64, 32, 16, 8, 4).contains(shape.h());
  }

  @Test
  void networksTellWhatTheirPartsTakeBeyondWhatTheyTakeAlone() {
    FakeDevice device =
        new FakeDevice(
            8e9, problem -> (isOfNetwork(problem) ? 1.3 : 1) * CalibrationTest.seconds(problem));
    Calibration.Result result = calibrate(device);
    assertEquals(0, device.open);
    assertEquals(1.3, result.model().inNetworks(), 0.1);
    assertTrue(device.clock.get() < 60e9, () -> "took " + device.clock);
    FakeDevice even = new FakeDevice(8e9, CalibrationTest::seconds);
    assertEquals(1, calibrate(even).model().inNetworks(), 0.1);
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
    assertEquals(27, result.model().observations().size());
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
