package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.machine.FolderState;
import org.sepconv.opencl.IcdFiles.Driver;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class OpenClDiagnosisTest {
  private static final FolderState CACHE =
      new FolderState(Path.of("cache"), true, Optional.empty(), 1L << 30);
  private static final Probe DEVICE =
      new Probe.Found(
          List.of(
              new DeviceInfo(
                  "opencl:0", "Fast 9", Map.of("type", "GPU", "compute units", "80", "x", "y"))));
  private static final Driver FINE = new Driver("a.icd", "liba.so", true);
  private static final Driver BROKEN = new Driver("b.icd", "libb.so", false);

  private static List<Finding> findings(Probe probe, Driver... drivers) {
    return new OpenClDiagnosis(
            true,
            Optional.of(new IcdFiles(false, "/etc/OpenCL/vendors", List.of(drivers))),
            probe,
            CACHE,
            CACHE)
        .findings();
  }

  @Test
  void fromLoaderToCacheAllIsFine() {
    assertEquals(
        List.of(
            Finding.ok("loader", "libOpenCL is there"),
            Finding.ok("driver", "liba.so (a.icd)"),
            Finding.ok("opencl:0", "Fast 9: GPU, compute units 80"),
            Finding.ok("program cache", "cache, 1024 MiB free")),
        findings(DEVICE, FINE));
  }

  @Test
  void withoutALoaderNothingElseIsAsked() {
    assertEquals(
        List.of(
            Finding.warning(
                "loader", Probe.Nothing.NO_LIBRARY.reason(), Probe.Nothing.NO_LIBRARY.remedy())),
        new OpenClDiagnosis(false, Optional.empty(), Probe.Nothing.NO_LIBRARY, CACHE, CACHE)
            .findings());
  }

  @Test
  void aLoaderWithoutDriversIsError1001() {
    Finding drivers = findings(Probe.Nothing.NO_DEVICE).getLast();
    assertEquals(Status.WARNING, drivers.status());
    assertTrue(drivers.found().contains("-1001"), drivers.found());
    assertTrue(drivers.remedy().contains("pocl-opencl-icd"), drivers.remedy());
    assertEquals(2, findings(Probe.Nothing.NO_DEVICE).size());
  }

  @Test
  void aDriverThatDoesNotLoadIsNamedAndHidesNoOther() {
    List<Finding> findings = findings(DEVICE, FINE, BROKEN);
    assertEquals(Status.OK, findings.get(1).status());
    assertEquals("b.icd names libb.so, which does not load", findings.get(2).found());
    assertEquals(Status.WARNING, findings.get(2).status());
    assertEquals("opencl:0", findings.get(3).check());
  }

  @Test
  void driversWithoutADeviceAreAWarning() {
    Finding broken = findings(Probe.Nothing.NO_DEVICE, BROKEN).getLast();
    assertEquals(
        Finding.warning(
            "devices", Probe.Nothing.NO_DEVICE.reason(), Probe.Nothing.NO_DEVICE.remedy()),
        broken);
    Finding loaded = findings(Probe.Nothing.NO_DEVICE, FINE).getLast();
    assertEquals("the drivers load, but show no device", loaded.found());
    assertTrue(loaded.remedy().contains("render,video"), loaded.remedy());
  }

  @Test
  void poclWithoutACacheIsNamed() {
    FolderState locked =
        new FolderState(Path.of("kcache"), true, Optional.of("no permission to write"), 0);
    Driver pocl = new Driver("pocl.icd", "libpocl.so.2", true);
    IcdFiles files = new IcdFiles(false, "/etc/OpenCL/vendors", List.of(pocl));
    Finding devices =
        new OpenClDiagnosis(true, Optional.of(files), Probe.Nothing.NO_DEVICE, CACHE, locked)
            .findings()
            .getLast();
    assertEquals(Status.WARNING, devices.status());
    assertTrue(devices.found().endsWith("kcache: no permission to write"), devices.found());
    assertTrue(devices.remedy().contains("POCL_CACHE_DIR"), devices.remedy());
    assertEquals(Path.of("p"), OpenClDiagnosis.poclCache(Map.of("POCL_CACHE_DIR", "p")));
    assertEquals(
        Path.of("x/pocl/kcache"), OpenClDiagnosis.poclCache(Map.of("XDG_CACHE_HOME", "x")));
    assertEquals(Path.of("h/.cache/pocl/kcache"), OpenClDiagnosis.poclCache(Map.of("HOME", "h")));
  }

  @Test
  void aDriverThatFailsHasFailed() {
    Probe fails =
        new Probe.Nothing(Probe.Cause.BROKEN, "the OpenCL driver fails: -5", "run clinfo");
    assertEquals(
        Finding.failed("devices", "the OpenCL driver fails: -5", "run clinfo"),
        findings(fails, FINE).getLast());
  }

  @Test
  void theWordsOfAReasonDecideNothing() {
    String words = Probe.Nothing.NO_LIBRARY.reason() + " of this kind";
    Probe broken = new Probe.Nothing(Probe.Cause.BROKEN, words, "repair it");
    assertEquals(
        List.of(Finding.failed("loader", words, "repair it")),
        new OpenClDiagnosis(false, Optional.empty(), broken, CACHE, CACHE).findings());
  }

  @Test
  void aVariableThatNamesNoDriverIsToBeUnset() {
    IcdFiles files = new IcdFiles(true, "OCL_ICD_VENDORS=/empty", List.of());
    Finding drivers =
        new OpenClDiagnosis(true, Optional.of(files), Probe.Nothing.NO_DEVICE, CACHE, CACHE)
            .findings()
            .getLast();
    assertTrue(drivers.remedy().startsWith("unset OCL_ICD_VENDORS"), drivers.remedy());
  }

  @Test
  void aCacheThatCannotBeWrittenIsAWarning() {
    FolderState cache =
        new FolderState(Path.of("cache"), true, Optional.of("no permission to write"), 0);
    Finding finding =
        new OpenClDiagnosis(true, Optional.empty(), DEVICE, cache, CACHE).findings().getLast();
    assertEquals(Status.WARNING, finding.status());
    assertTrue(finding.found().startsWith("cache: no permission to write"), finding.found());
    assertTrue(finding.remedy().contains("SEPCONV_CACHE"), finding.remedy());
  }

  @Test
  void readsWhatIsRegistered(@TempDir Path folder) throws Exception {
    assertEquals(List.of(), IcdFiles.find(Map.of("OCL_ICD_VENDORS", folder.toString())).drivers());
    Path icd = Files.writeString(folder.resolve("a.icd"), "/nonexistent/libdriver.so\n");
    Files.writeString(folder.resolve("b.icd"), "");
    Files.writeString(folder.resolve("notes.txt"), "no driver");
    Driver driver = new Driver(icd.toString(), "/nonexistent/libdriver.so", false);
    Driver empty = new Driver(folder.resolve("b.icd").toString(), "no library", false);
    assertEquals(
        List.of(driver, empty),
        IcdFiles.find(Map.of("OCL_ICD_VENDORS", folder.toString())).drivers());
    assertEquals(
        List.of(driver), IcdFiles.find(Map.of("OCL_ICD_VENDORS", icd.toString())).drivers());
    assertEquals(
        List.of(new Driver("OCL_ICD_VENDORS", "/nonexistent", false)),
        IcdFiles.find(Map.of("OCL_ICD_VENDORS", "/nonexistent")).drivers());
  }

  @Test
  void onlyLinuxHasSuchFiles() {
    assertTrue(IcdFiles.areUsed("Linux"));
    assertFalse(IcdFiles.areUsed("Windows 11"));
    assertFalse(IcdFiles.areUsed("Mac OS X"));
  }
}
