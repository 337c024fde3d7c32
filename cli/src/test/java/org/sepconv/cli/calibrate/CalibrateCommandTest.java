package org.sepconv.cli.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.calibration.Operations;
import org.sepconv.calibration.ProfileKey;
import org.sepconv.calibration.ProfileStore;
import org.sepconv.calibration.StoredProfile;
import org.sepconv.calibration.StoredProfiles;
import org.sepconv.cli.FakeProvider;
import org.sepconv.cli.FakeProvider.Behaviour;
import org.sepconv.cli.Ran;
import org.sepconv.cli.calibrate.Accuracy.Regret;
import org.sepconv.cli.calibrate.Accuracy.Row;
import org.sepconv.cli.calibrate.Accuracy.Spread;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Observation;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import tools.jackson.databind.JsonNode;

/** {@code calibrate} and {@code accuracy}. */
class CalibrateCommandTest {
  private static final List<ConvBackendProvider> RIGHT =
      List.of(new FakeProvider("fake", Behaviour.RIGHT));

  @TempDir private Path folder;

  private Ran calibrate(Behaviour behaviour, String... more) {
    List<String> arguments = new ArrayList<>(List.of("calibrate", "--profiles=" + folder));
    arguments.addAll(List.of(more));
    return Ran.sepconv(behaviour, arguments.toArray(String[]::new));
  }

  private void keepProfile() throws IOException {
    List<Observation> points = new ArrayList<>();
    for (Problem problem : Operations.random(40, 1)) {
      points.add(new Observation(problem, 1e-3));
    }
    try (Backends backends = Backends.of(BackendOptions.defaults(), RIGHT)) {
      ProfileStore.in(folder)
          .save(
              new StoredProfile(
                  ProfileKey.of(backends.backend("fake").device(), BackendOptions.defaults()),
                  Instant.parse("2026-11-24T10:00:00Z"),
                  false,
                  new Calibrated(
                      1, backends.backend("fake").profile().ceilings(), Optional.empty(), points)));
    }
  }

  @Test
  void profilesAreListedAndForgotten() throws IOException {
    calibrate(Behaviour.RIGHT, "--list").expectStatus(0).expectOut("no profiles");
    keepProfile();
    calibrate(Behaviour.RIGHT, "--list")
        .expectStatus(0)
        .expectOut("fake  40 operations", "2026-11-24T10:00:00Z", folder.toString());
    JsonNode json = calibrate(Behaviour.RIGHT, "--list", "--json", "-").expectStatus(0).json();
    assertEquals("fake", json.get(0).get("device").stringValue());
    Files.writeString(folder.resolve("profiles/other.json"), "{}");
    calibrate(Behaviour.RIGHT, "--list")
        .expectStatus(0)
        .expectOut("other.json  FAILED: its format");
    calibrate(Behaviour.RIGHT, "--clear").expectStatus(0).expectOut("2 profiles forgotten");
    calibrate(Behaviour.RIGHT, "--list").expectStatus(0).expectOut("no profiles");
  }

  @Test
  void aDeviceThatDoesNotOpenIsNamed() {
    calibrate(Behaviour.THROWS_IN_OPEN).expectStatus(1).expectOut("fake", "does not open");
    calibrate(Behaviour.UNAVAILABLE).expectStatus(1).expectErrorLine("none is available");
  }

  @Test
  void senselessOptionsAreStatus2() {
    calibrate(Behaviour.RIGHT, "--time", "0").expectStatus(2).expectErrorLine("--time is 0.0");
    calibrate(Behaviour.RIGHT, "--list", "--clear").expectStatus(2).expectErrorLine("--list");
    Ran.sepconv("accuracy", "--operations", "0").expectStatus(2).expectErrorLine("operations is 0");
    Ran.sepconv("accuracy", "--trials", "-1").expectStatus(2).expectErrorLine("--trials is -1.0");
    Ran.sepconv("accuracy", "--trials", "1", "--backend", "cpu")
        .expectStatus(2)
        .expectErrorLine("leave --backend out");
    Ran.sepconv("accuracy", "--time", "-1").expectStatus(2).expectErrorLine("--time is -1.0");
    Ran.sepconv("accuracy", "--network", "ds_cnn", "--shapes", "pairs")
        .expectStatus(2)
        .expectErrorLine("only one of them");
    Ran.sepconv("accuracy", "--network", "lenet").expectStatus(2).expectErrorLine("lenet");
  }

  @Test
  void accuracyOfANetworkIsOfThreeSizes() {
    JsonNode json =
        Ran.sepconv("accuracy", "--network=ds_cnn", "--time=0.001", "--backend=cpu", "--json=-")
            .expectStatus(0)
            .json();
    List<String> operations = new ArrayList<>();
    json.get("rows").forEach(row -> operations.add(row.get("operation").stringValue()));
    assertEquals(
        List.of(
            "graph ds_cnn on 1x1x28x10", "graph ds_cnn on 1x1x42x10", "graph ds_cnn on 1x1x49x10"),
        operations);
    json.get("rows").forEach(row -> assertTrue(row.get("predictedSeconds").doubleValue() > 0));
  }

  @Test
  void whatADeviceCannotRunIsSkippedInAccuracy() {
    JsonNode json =
        Ran.sepconv(
                Behaviour.SUPPORTS_NOTHING,
                "accuracy",
                "--operations=4",
                "--time=0.001",
                "--seed=1",
                "--json=-")
            .expectStatus(0)
            .json();
    JsonNode device = json.get("devices").get(0);
    assertEquals(4, device.get("skipped").size());
    assertEquals(0, device.get("all").get("operations").intValue());
    assertTrue(json.get("regret").get("predicted").isNull());
  }

  @Test
  void predictionsComeFromTheProfile() throws IOException {
    keepProfile();
    StoredProfiles profiles = new StoredProfiles(ProfileStore.in(folder));
    Ran.with(
            options -> Backends.of(options, RIGHT, List.of(profiles)),
            "select",
            "--in=2x4x4",
            "--out=3")
        .expectStatus(0)
        .expectOut("measured neighbours");
    Ran.with(options -> Backends.of(options, RIGHT, List.of(profiles)), "devices", "--open")
        .expectStatus(0)
        .expectOut("calibrated on 2026-11-24 with 40 operations");
  }

  @Test
  void trialsChooseAmongTheDevices() {
    List<ConvBackendProvider> two =
        List.of(
            new FakeProvider("one", Behaviour.RIGHT), new FakeProvider("other", Behaviour.RIGHT));
    JsonNode json =
        Ran.with(
                options -> Backends.of(options, two),
                "accuracy",
                "--operations=2",
                "--time=0.001",
                "--trials=0.001",
                "--seed=4",
                "--json=-")
            .expectStatus(0)
            .json();
    JsonNode regret = json.get("regret");
    assertEquals(2, regret.get("measured").get("operations").intValue());
    assertEquals(2, regret.get("predicted").get("operations").intValue());
    assertEquals(
        regret.get("predicted").get("bestSeconds"), regret.get("measured").get("bestSeconds"));
  }

  private static Row row(String device, String operation, double measured, double predicted) {
    return Row.of(device, KernelKind.STANDARD, operation, measured, predicted, "why");
  }

  @Test
  void errorsAreSharesOfTheMeasuredTime() {
    List<Row> rows = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      rows.add(row("a", "op" + i, 100, 100 + (i % 2 == 0 ? i : -i)));
    }
    Spread spread = Spread.of(rows);
    assertEquals(0.05, spread.median(), 1e-12);
    assertEquals(0.09, spread.percentile90(), 1e-12);
  }

  @Test
  void regretIsWhatTheChoicesCost() {
    List<Row> rows =
        List.of(
            row("a", "x", 1, 1),
            row("b", "x", 3, 2),
            row("a", "y", 5, 4),
            row("b", "y", 4, 5),
            row("a", "alone", 9, 9));
    Regret predicted = Regret.ofPredicted(rows).orElseThrow();
    assertEquals(new Regret(2, 1, 6, 5, 6.0 / 5 - 1), predicted);
    assertEquals(Optional.empty(), Regret.ofPredicted(rows.subList(4, 5)));
    Regret measured =
        Regret.ofMeasured(rows, Map.of("x", "a", "y", "b", "alone", "a")).orElseThrow();
    assertEquals(new Regret(2, 2, 5, 5, 0), measured);
    assertEquals(
        new Regret(1, 0, 3, 1, 2), Regret.ofMeasured(rows, Map.of("x", "b")).orElseThrow());
    assertEquals(Optional.empty(), Regret.ofMeasured(rows, Map.of()));
  }
}
