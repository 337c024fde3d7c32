package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.spi.Finding;
import org.sepconv.spi.Finding.Status;

class CpuDiagnosisTest {
  private static final List<String> G1 = List.of("G1 Young Generation", "G1 Old Generation");

  @Test
  void vectorKernelsAreFine() {
    assertEquals(
        List.of(
            Finding.ok("kernels", "vector, 16 lanes"),
            Finding.ok(
                "alignment", "large arrays start a cache line, under the garbage collector G1")),
        new CpuDiagnosis(true, "vector, 16 lanes", G1).findings());
  }

  @Test
  void scalarKernelsAreAWarning() {
    Finding kernels = new CpuDiagnosis(false, "scalar", G1).findings().getFirst();
    assertEquals(Status.WARNING, kernels.status());
    assertEquals("start java with --add-modules jdk.incubator.vector", kernels.remedy());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Copy", "PS Scavenge"})
  void collectorWithoutRegionsIsAWarning(String collector) {
    Finding alignment = new CpuDiagnosis(true, "", List.of(collector)).findings().getLast();
    assertEquals(Status.WARNING, alignment.status());
    assertTrue(alignment.found().contains(collector), alignment.found());
    assertTrue(alignment.remedy().contains("-XX:+UseG1GC"), alignment.remedy());
  }

  @Test
  void theProviderDiagnosesThisJvm() {
    Finding kernels = new CpuBackendProvider().diagnose().getFirst();
    assertEquals(VectorApi.isPresent() ? Status.OK : Status.WARNING, kernels.status());
  }
}
