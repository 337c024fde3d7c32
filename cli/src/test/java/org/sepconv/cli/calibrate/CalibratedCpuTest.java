package org.sepconv.cli.calibrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.calibration.ProfileStore;
import org.sepconv.calibration.StoredProfiles;
import org.sepconv.cli.Ran;
import org.sepconv.cpu.CpuBackendProvider;
import org.sepconv.select.Backends;
import tools.jackson.databind.JsonNode;

/** From the first selection to a whole calibration and back, on the CPU backend. */
class CalibratedCpuTest {
  /** What is measured may be cold here: it is not the figures that are tested. */
  private static final Duration WARM_UP = Duration.ofMillis(5);

  @TempDir private Path folder;

  private Ran cpu(String... arguments) {
    StoredProfiles profiles = new StoredProfiles(ProfileStore.in(folder));
    return Ran.with(
        options ->
            Backends.of(
                options.withWarmUp(WARM_UP), List.of(new CpuBackendProvider()), List.of(profiles)),
        arguments);
  }

  private Ran select(String... more) {
    String[] usual = {"select", "--in=16x14x14", "--out=16", "--threads=1"};
    String[] all = Arrays.copyOf(usual, usual.length + more.length);
    System.arraycopy(more, 0, all, usual.length, more.length);
    return cpu(all);
  }

  private ProfileStore.Entry stored() throws IOException {
    List<ProfileStore.Entry> entries = ProfileStore.in(folder).list();
    assertEquals(1, entries.size());
    return entries.getFirst();
  }

  @Test
  void aProfileIsMadeFoundReplacedAndRefused() throws IOException {
    select().expectStatus(0).expectOut("predictions of cpu are estimates", "sepconv calibrate");
    assertEquals(List.of(), ProfileStore.in(folder).list());

    select("--first-use=never").expectStatus(2).expectErrorLine("expected estimate or calibrate");
    Ran first = select("--first-use=calibrate").expectStatus(0);
    assertFalse(first.out().contains("estimates"), first.out());
    assertTrue(stored().profile().orElseThrow().brief());
    cpu("calibrate", "--list", "--profiles=" + folder).expectStatus(0).expectOut(", brief");

    checkCalibration();
    checkAccuracy();

    Files.writeString(stored().file(), Files.readString(stored().file()).substring(0, 900));
    select().expectStatus(0).expectOut("predictions of cpu are estimates");
    cpu("calibrate", "--list", "--profiles=" + folder)
        .expectStatus(0)
        .expectOut("FAILED: ", "'sepconv calibrate' makes it anew");
  }

  private void checkCalibration() throws IOException {
    JsonNode entry =
        cpu(
                "calibrate",
                "--backend=cpu",
                "--threads=1",
                "--time=1",
                "--profiles=" + folder,
                "--json=-")
            .expectStatus(0)
            .json()
            .get(0);
    assertEquals("", entry.get("problem").stringValue());
    assertFalse(entry.get("brief").booleanValue());
    assertFalse(stored().profile().orElseThrow().brief());
    assertEquals(25, entry.get("operations").intValue() + entry.get("skipped").size());
    JsonNode ceilings = entry.get("ceilings");
    assertTrue(ceilings.get("launchSeconds").doubleValue() > 0);
    assertTrue(ceilings.get("flops").doubleValue() > 0);
    JsonNode levels = ceilings.get("levels");
    assertEquals("memory", levels.get(levels.size() - 1).get("name").stringValue());
    assertTrue(ceilings.get("bandwidths").size() > 20);
    assertTrue(entry.get("transfer").get("bandwidth").doubleValue() > 0);
  }

  private void checkAccuracy() {
    JsonNode document =
        cpu(
                "accuracy",
                "--backend=cpu",
                "--threads=1",
                "--operations=4",
                "--time=0.02",
                "--seed=3",
                "--json=-")
            .expectStatus(0)
            .json();
    JsonNode device = document.get("devices").get(0);
    assertTrue(device.get("profile").stringValue().startsWith("calibrated on "));
    assertEquals(4, device.get("all").get("operations").intValue());
    assertEquals(4, document.get("rows").size());
    for (JsonNode row : document.get("rows")) {
      double measured = row.get("measuredSeconds").doubleValue();
      double predicted = row.get("predictedSeconds").doubleValue();
      assertTrue(measured > 0 && predicted > 0, row::toString);
      assertEquals(predicted / measured - 1, row.get("error").doubleValue(), 1e-9);
      assertTrue(row.get("explanation").stringValue().contains("-bound: "), row::toString);
    }
    assertTrue(document.get("regret").get("predicted").isNull());
  }
}
