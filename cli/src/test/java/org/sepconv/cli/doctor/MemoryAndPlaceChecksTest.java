package org.sepconv.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.machine.FolderState;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class MemoryAndPlaceChecksTest {
  private static final FolderState ROOM =
      new FolderState(Path.of("tmp"), true, Optional.empty(), 1L << 30);
  @TempDir Path home;

  private static void expect(Status status, String remedy, Finding finding) {
    assertEquals(status, finding.status(), finding.toString());
    assertTrue(finding.remedy().contains(remedy), finding.toString());
    assertEquals(status == Status.OK, finding.remedy().isEmpty(), finding.toString());
  }

  private static Finding memory(String check, long heap, long total, String pages, JvmFacts jvm) {
    MemoryFacts facts = new MemoryFacts(heap << 20, total << 20, 0, 5L << 20, pages);
    return Jvm.finding(check, MemoryChecks.of(facts, jvm));
  }

  // A layer of 5 MiB: 48 + 6 x 5 = 78 MiB for one image, 48 + 6 x 160 = 1008 for 32.
  @ParameterizedTest
  @CsvSource({"77, FAILED, -Xmx78m", "78, WARNING, -Xmx1008m", "1008, OK, ''"})
  void theHeapHoldsLayers(long heap, Status status, String remedy) {
    expect(status, remedy, memory("heap", heap, 9000, "", Jvm.FINE));
  }

  @ParameterizedTest
  @CsvSource({"5024, OK, ''", "5023, WARNING, -Xmx", "3000, WARNING, -Xmx"})
  void theHeapLeavesMemoryForNativeCode(long total, Status status, String remedy) {
    expect(status, remedy, memory("machine", 4000, total, "", Jvm.FINE));
  }

  @Test
  void hugePagesAreToldAndAWarningWhereJavaWantsThemInVain() {
    JvmFacts wanting = Jvm.option("UseTransparentHugePages", "true");
    String never = "always madvise [never]";
    String madvise = "always [madvise] never";
    Finding vain = memory("huge pages", 1, 1, never, wanting);
    expect(Status.WARNING, "transparent_hugepage", vain);
    expect(Status.OK, "", memory("huge pages", 1, 1, never, Jvm.FINE));
    assertEquals(
        "madvise: the heap is in large pages",
        memory("huge pages", 1, 1, madvise, wanting).found());
    assertTrue(
        memory("huge pages", 1, 1, madvise, Jvm.FINE).found().contains("is in small pages (-XX"));
    assertEquals(
        "always: the heap is in large pages",
        memory("huge pages", 1, 1, "[always] madvise never", Jvm.FINE).found());
    assertEquals(Status.NOT_APPLICABLE, memory("huge pages", 1, 1, "", Jvm.FINE).status());
  }

  @Test
  void readsThisMachinesMemory() {
    MemoryFacts here = MemoryFacts.here();
    assertEquals(Runtime.getRuntime().maxMemory(), here.heap());
    assertTrue(here.total() > 0);
    // From 112 x 112 x 64 to 56 x 56 x 128: input, output, both filters, both biases.
    long floats = 112 * 112 * 64 + 56 * 56 * 128 + 64 * (9 + 128) + 64 + 128;
    assertEquals(4 * floats, here.layer());
  }

  private Finding place(String check, FolderState temporary, String home, String charset) {
    return Jvm.finding(
        check, PlaceChecks.of(new PlaceFacts(temporary, home, charset, false, true)));
  }

  @Test
  void placesThatAreThereAreFine() {
    for (Finding finding :
        PlaceChecks.of(new PlaceFacts(ROOM, home.toString(), "UTF-8", true, false))) {
      expect(Status.OK, "", finding);
    }
  }

  @Test
  void theTemporaryFolderMustBeWritten() {
    FolderState full = new FolderState(Path.of("tmp"), true, Optional.empty(), 1L << 20);
    expect(Status.FAILED, "-Djava.io.tmpdir", place("temporary", full, "", ""));
    FolderState locked =
        new FolderState(Path.of("tmp"), true, Optional.of("no permission to write"), 0);
    expect(Status.FAILED, "-Djava.io.tmpdir", place("temporary", locked, "", ""));
  }

  @ParameterizedTest
  @CsvSource({"?", "''", "/nonexistent/home"})
  void aUserWithoutAHomeIsAWarning(String none) {
    expect(Status.WARNING, "XDG_CACHE_HOME", place("home", ROOM, none, "UTF-8"));
  }

  @Test
  void namesThatJavaCannotWriteAreAWarning() {
    expect(Status.WARNING, "LC_ALL=C.UTF-8", place("locale", ROOM, "", "ANSI_X3.4-1968"));
    expect(Status.OK, "", place("locale", ROOM, "", "Cp1252"));
  }

  @Test
  void saysWhoStartedIt() {
    assertEquals("java, by hand", place("started by", ROOM, "", "").found());
    assertTrue(PlaceFacts.here().temporary().exists());
  }
}
