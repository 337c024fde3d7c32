package org.sepconv.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Observation;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.ProfileSource;

class ProfileStoreTest {
  private static final DeviceInfo DEVICE =
      new DeviceInfo("gpu:1", "A Card", Map.of("driver", "1.0", "heap", "5 MiB"));
  private static final BackendOptions OPTIONS =
      BackendOptions.defaults().withThreads(2).with("gpu.tune", "true").with("cpu.kernels", "auto");

  private static final Ceilings CEILINGS =
      new Ceilings(
          1e-6,
          2e11,
          List.of(new Bandwidth(1 << 14, 1e11), new Bandwidth(1 << 25, 1.5e10)),
          List.of(new Bandwidth(1 << 20, 2e10)),
          Map.of("Silu", 1e-10));

  @TempDir private Path folder;

  private static StoredProfile profile() {
    List<Observation> points = new ArrayList<>();
    for (KernelKind kind : Operations.KINDS) {
      for (Problem problem : Operations.covering(kind, 6)) {
        points.add(new Observation(problem, 1e-3 * problem.source().shape().c()));
      }
    }
    for (Problem problem : Operations.random(8, 1)) {
      points.add(new Observation(problem, 1e-3));
    }
    return new StoredProfile(
        ProfileKey.of(DEVICE, OPTIONS),
        Instant.parse("2026-11-24T10:00:00Z"),
        false,
        new Calibrated(2, CEILINGS, Optional.of(new Transfer(1e-5, 1e10)), points)
            .withInNetworks(1.25));
  }

  @Test
  void whatIsKeptIsFoundAsItWas() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    StoredProfile profile = profile();
    Path file = store.save(profile);
    assertTrue(file.getFileName().toString().matches("gpu-1-[0-9a-f]{16}\\.json"));
    StoredProfile found = store.find(profile.key()).orElseThrow();
    assertEquals(profile.key(), found.key());
    assertEquals(profile.measuredAt(), found.measuredAt());
    assertEquals(profile.model().threads(), found.model().threads());
    assertEquals(CEILINGS, found.model().ceilings());
    assertEquals(profile.model().transfer(), found.model().transfer());
    assertEquals(profile.model().observations(), found.model().observations());
    assertEquals(1.25, found.model().inNetworks());
    Files.writeString(file, Files.readString(file).replaceFirst("\"inNetworks\".*", ""));
    assertEquals(
        1, store.find(profile.key()).orElseThrow().model().inNetworks(), "older ones have none");
    try (var files = Files.list(file.getParent())) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void keysTellWhateverChangesTheTimes() {
    ProfileKey key = ProfileKey.of(DEVICE, OPTIONS);
    assertEquals(Map.of("gpu.tune", "true"), key.settings());
    assertEquals(key, ProfileKey.of(DEVICE, OPTIONS.with("cpu.kernels", "scalar")));
    assertNotEquals(key, ProfileKey.of(DEVICE, OPTIONS.withThreads(1)));
    assertNotEquals(key, ProfileKey.of(DEVICE, OPTIONS.with("gpu.tune", "false")));
    DeviceInfo updated = new DeviceInfo("gpu:1", "A Card", Map.of("driver", "1.1"));
    assertNotEquals(key, ProfileKey.of(updated, OPTIONS));
    DeviceInfo bigger = new DeviceInfo("gpu:1", "A Card", Map.of("driver", "1.0", "heap", "9"));
    assertEquals(key, ProfileKey.of(bigger, OPTIONS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "{}",
        "{\"format\": \"something else\", \"version\": 1}",
        "{\"format\": \"sepconv-profile\", \"version\": 99}",
        "{\"format\": \"sepconv-profile\", \"version\": 2}",
        "not JSON"
      })
  void filesThatAreNotProfilesAreReportedAndLeftOut(String content) throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    StoredProfile profile = profile();
    Path file = store.save(profile);
    Files.writeString(file, content);
    assertEquals(Optional.empty(), store.find(profile.key()));
    ProfileStore.Entry entry = store.list().getFirst();
    assertEquals(Optional.empty(), entry.profile());
    assertTrue(!entry.problem().isBlank(), () -> "" + entry);
    store.save(profile);
    assertTrue(store.find(profile.key()).isPresent());
  }

  @Test
  void aFileThatWasCutShortIsLeftOut() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    StoredProfile profile = profile();
    Path file = store.save(profile);
    String whole = Files.readString(file);
    Files.writeString(file, whole.substring(0, whole.length() / 2));
    assertEquals(Optional.empty(), store.find(profile.key()));
  }

  @Test
  void aFileUnderAnothersNameIsNotTaken() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    StoredProfile profile = profile();
    Path file = store.save(profile);
    String text = Files.readString(file).replace("driver=1.0", "driver=0.9");
    Files.writeString(file, text);
    assertEquals(Optional.empty(), store.find(profile.key()));
  }

  @Test
  void allAreForgotten() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    assertEquals(0, store.clear());
    store.save(profile());
    assertEquals(1, store.clear());
    assertEquals(List.of(), store.list());
  }

  @Test
  void selectionFindsThem() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    DeviceProfile estimate = new FakeDevice(1, _ -> 1).profile();
    StoredProfiles source = new StoredProfiles(store);
    assertEquals(Optional.empty(), source.profile(DEVICE, OPTIONS, estimate));
    store.save(profile());
    DeviceProfile found = source.profile(DEVICE, OPTIONS, estimate).orElseThrow();
    assertEquals("calibrated on 2026-11-24 with 38 operations", found.source());
    Problem problem = Operations.random(1, 1).getFirst();
    String explanation = CostModel.predict(problem, found).explanation();
    assertTrue(explanation.contains(CostModel.NEIGHBOURS), explanation);
    assertEquals(Optional.empty(), source.profile(DEVICE, OPTIONS.withThreads(7), estimate));
  }

  @Test
  void aBriefProfileIsKeptUntilAWholeOneReplacesIt() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    StoredProfiles source = new StoredProfiles(store);
    try (FakeDevice device = new FakeDevice(1e9, _ -> 1e-5)) {
      DeviceProfile brief = source.calibrate(device, OPTIONS).orElseThrow();
      assertTrue(brief.source().startsWith("briefly calibrated on "), brief::source);
      DeviceInfo info = device.device();
      DeviceProfile found = source.profile(info, OPTIONS, device.profile()).orElseThrow();
      assertEquals(brief.source(), found.source());
      assertTrue(store.list().getFirst().profile().orElseThrow().brief());
      StoredProfile whole = profile();
      store.save(
          new StoredProfile(
              ProfileKey.of(info, OPTIONS), whole.measuredAt(), false, whole.model()));
      DeviceProfile better = source.profile(info, OPTIONS, device.profile()).orElseThrow();
      assertEquals("calibrated on 2026-11-24 with 38 operations", better.source());
      assertEquals(1, store.list().size());
    }
  }

  @Test
  void anOlderVersionIsNamed() throws IOException {
    ProfileStore store = ProfileStore.in(folder);
    Path file = store.save(profile());
    Files.writeString(file, "{\"format\": \"sepconv-profile\", \"version\": 1}");
    assertEquals(
        "its format is 'sepconv-profile', version 1, not 'sepconv-profile', version 3",
        store.list().getFirst().problem());
  }

  @Test
  void theServiceIsDeclared() {
    assertTrue(
        ServiceLoader.load(ProfileSource.class).stream()
            .anyMatch(service -> service.type() == StoredProfiles.class));
  }
}
