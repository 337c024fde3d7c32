package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.conformance.Requirement;
import org.sepconv.conformance.process.ChildJvm;

/**
 * Every kernel under Oclgrind, an interpreter of OpenCL that reports accesses out of bounds, data
 * races and diverging barriers. Its exit status is always 0: the log must be empty.
 */
class OclgrindTest {
  private static final Path DRIVER = Path.of("/usr/lib/oclgrind/liboclgrind-rt-icd.so");

  @TempDir private Path folder;

  @BeforeAll
  static void requireOclgrind() {
    if (!Files.exists(DRIVER)) {
      Requirement.missing("opencl", "Oclgrind is not installed: apt-get install oclgrind");
    }
  }

  private String log(Class<?> main, String argument) throws Exception {
    Path log = folder.resolve("oclgrind.log");
    ChildJvm.Ended result =
        new ChildJvm()
            .environment("OCL_ICD_VENDORS", DRIVER.toString())
            .environment("OCLGRIND_DATA_RACES", "1")
            .environment("OCLGRIND_LOG", log.toString())
            .run(main, argument);
    assertEquals("", result.output().strip(), "printed by " + main.getSimpleName());
    assertEquals(0, result.status(), "exit status of " + main.getSimpleName());
    assertTrue(Files.exists(log), "Oclgrind did not run: there is no log");
    return Files.readString(log).strip();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "gpu"})
  void everyKernelIsClean(String family) throws Exception {
    assertEquals("", log(TinyShapesMain.class, family));
  }

  @Test
  void aKernelWithoutFaultsIsClean() throws Exception {
    assertEquals("", log(PlantedFaults.class, "none"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"race", "bounds", "divergence"})
  void plantedFaultsAreFound(String kernel) throws Exception {
    assertFalse(log(PlantedFaults.class, kernel).isEmpty(), kernel + " was not found");
  }
}
