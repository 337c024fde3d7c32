package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.Expect;

class BackendOptionsTest {

  @Test
  void defaultsToEveryProcessor() {
    BackendOptions options = BackendOptions.defaults();
    assertEquals(Runtime.getRuntime().availableProcessors(), options.threads());
    assertTrue(options.properties().isEmpty());
  }

  @Test
  void changesMakeNewOptions() {
    BackendOptions options = BackendOptions.defaults().withThreads(3).with("cpu.kernels", "scalar");
    assertEquals(
        new BackendOptions(3, Duration.ofSeconds(2), Map.of("cpu.kernels", "scalar")), options);
    assertEquals("vector", options.with("cpu.kernels", "vector").properties().get("cpu.kernels"));
    assertEquals("scalar", options.properties().get("cpu.kernels"));
  }

  @Test
  void settingsAreCopied() {
    Map<String, String> given = new HashMap<>(Map.of("cpu.kernels", "scalar"));
    BackendOptions options = new BackendOptions(1, Duration.ZERO, given);
    given.clear();
    assertEquals(1, options.properties().size());
  }

  @Test
  void threadsArePositive() {
    Expect.refused(
        () -> new BackendOptions(0, Duration.ZERO, Map.of()), "threads is 0", "at least 1");
    Expect.refused(() -> BackendOptions.defaults().withThreads(-1), "threads is -1");
  }

  @Test
  void threadsAreAtMostSoMany() {
    assertEquals(1024, BackendOptions.defaults().withThreads(1024).threads());
    Expect.refused(
        () -> BackendOptions.defaults().withThreads(100_000),
        "threads is 100000",
        "at most 1024",
        "available processors");
  }

  @Test
  void warmUpIsOnByDefaultAndNotNegative() {
    assertTrue(BackendOptions.defaults().warmUp().isPositive());
    Duration other = Duration.ofSeconds(2);
    assertEquals(other, BackendOptions.defaults().withWarmUp(other).warmUp());
    Expect.refused(
        () -> BackendOptions.defaults().withWarmUp(Duration.ofMillis(-1)), "warm-up is PT-0.001S");
  }

  @Test
  void eachBackendSeesItsOwn() {
    BackendOptions options =
        BackendOptions.defaults()
            .with("cpu.kernels", "scalar")
            .with("cpux.kernels", "other")
            .with("opencl.platform", "0");
    assertEquals(Map.of("kernels", "scalar"), options.of("cpu", Set.of("kernels", "tile")));
    assertEquals(Map.of(), options.of("djl", Set.of()));
  }

  @Test
  void unknownSettingsAreNamedWithTheKnownOnes() {
    BackendOptions options = BackendOptions.defaults().with("cpu.kernel", "scalar");
    Expect.refused(
        () -> options.of("cpu", Set.of("tile", "kernels")), "'cpu.kernel'", "[kernels, tile]");
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> new BackendOptions(1, Duration.ZERO, null), "properties");
    Expect.nullRefused(() -> BackendOptions.defaults().with(null, "x"), "key");
    Expect.nullRefused(() -> BackendOptions.defaults().with("cpu.x", null), "value");
  }
}
