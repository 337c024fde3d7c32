package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.machine.FolderState;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class DjlDiagnosisTest {
  private static final Natives NATIVES =
      new Natives.Bundled("2.7.1-1", "cpu", "linux-x86_64", List.of(), "jni", "0.36.0");
  private static final FolderState ROOM =
      new FolderState(Path.of("cache"), true, Optional.empty(), 1L << 30);
  private static final FolderState LOCKED =
      new FolderState(Path.of("cache"), true, Optional.of("no permission to write"), 0);

  private static Finding last(Natives natives, boolean unpacked, FolderState cache) {
    return new DjlDiagnosis(natives, Optional.empty(), unpacked, Optional.empty(), cache)
        .findings()
        .getLast();
  }

  @Test
  void nativesThatCanBeUnpackedAreFine() {
    List<Finding> findings =
        new DjlDiagnosis(NATIVES, Optional.of("true"), false, Optional.empty(), ROOM).findings();
    assertEquals(
        List.of("natives", "offline", "natives cache"),
        findings.stream().map(Finding::check).toList());
    findings.forEach(finding -> assertEquals(Status.OK, finding.status(), finding.toString()));
    assertTrue(findings.getLast().found().contains("unpacks"), findings.getLast().found());
  }

  @Test
  void nativesThatAreMissingAreAWarning() {
    assertEquals(
        Finding.warning("natives", "there are none", "add them"),
        last(new Natives.Missing("there are none", "add them"), false, ROOM));
  }

  @Test
  void environmentThatAllowsTheNetworkHasFailed() {
    Finding offline =
        new DjlDiagnosis(NATIVES, Optional.of("false"), false, Optional.empty(), ROOM)
            .findings()
            .get(1);
    assertEquals(Status.FAILED, offline.status());
    assertEquals("unset DJL_OFFLINE", offline.remedy());
  }

  @Test
  void cacheMustTakeTheNativesUnlessTheyAreThere() {
    Finding locked = last(NATIVES, false, LOCKED);
    assertEquals(Status.FAILED, locked.status());
    assertTrue(locked.found().startsWith("cache: no permission to write"), locked.found());
    assertTrue(locked.remedy().contains("DJL_CACHE_DIR"), locked.remedy());
    FolderState full = new FolderState(Path.of("cache"), true, Optional.empty(), 100L << 20);
    assertTrue(last(NATIVES, false, full).found().contains("100 MiB are free, but 450"));
    assertEquals(
        Finding.ok("natives cache", "cache, natives unpacked"), last(NATIVES, true, LOCKED));
  }

  @Test
  void damagedNativesHaveFailed() {
    Finding finding =
        new DjlDiagnosis(NATIVES, Optional.empty(), true, Optional.of("torch is cut short"), ROOM)
            .findings()
            .getLast();
    assertEquals(Status.FAILED, finding.status());
    assertEquals("delete the folder " + Path.of("cache", "pytorch"), finding.remedy());
  }

  @Test
  void installedNativesNeedNoCache() {
    assertEquals("offline", last(new Natives.Installed(Path.of("lib")), false, LOCKED).check());
  }
}
