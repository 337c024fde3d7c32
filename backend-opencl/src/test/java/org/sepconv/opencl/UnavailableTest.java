package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.opencl.device.OpenClLibrary;

/** What a user is told where there is no OpenCL: one line from us, and none from native code. */
class UnavailableTest {

  @Test
  void withoutAnyPlatformTheRemedyIsADriver(@TempDir Path empty) throws Exception {
    Assumptions.assumeTrue(OpenClLibrary.isPresent(), "there is no OpenCL loader");
    ChildJvm.Result result =
        ChildJvm.run(ProbeMain.class, Map.of("OCL_ICD_VENDORS", empty.toString()));
    assertEquals(0, result.status(), result.output());
    assertEquals(
        "the OpenCL library finds no platform with a device; install the OpenCL driver of your GPU,"
            + " or for the CPU, on Debian and Ubuntu, apt-get install pocl-opencl-icd",
        result.output().strip());
  }

  @Test
  void aBrokenDriverIsNoPlatform(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(OpenClLibrary.isPresent(), "there is no OpenCL loader");
    Files.writeString(folder.resolve("broken.icd"), "/nonexistent/libdriver.so\n");
    ChildJvm.Result result =
        ChildJvm.run(ProbeMain.class, Map.of("OCL_ICD_VENDORS", folder.toString()));
    assertEquals(0, result.status(), result.output());
    assertTrue(result.output().contains("no platform with a device"), result.output());
  }

  @Test
  void withoutALoaderTheRemedyIsALoader(@TempDir Path folder) throws Exception {
    // A loader that cannot be loaded comes first on the library path: as if there were none.
    for (String name : new String[] {"libOpenCL.so", "libOpenCL.so.1"}) {
      Files.writeString(folder.resolve(name), "not a library");
    }
    ChildJvm.Result result =
        ChildJvm.run(ProbeMain.class, Map.of("LD_LIBRARY_PATH", folder.toString()));
    assertEquals(0, result.status(), result.output());
    Assumptions.assumeFalse(
        result.output().strip().matches("\\d+"), "this system does not use LD_LIBRARY_PATH");
    assertEquals(
        "there is no OpenCL library (libOpenCL); install an OpenCL loader: on Debian and Ubuntu,"
            + " apt-get install ocl-icd-libopencl1",
        result.output().strip());
  }

  @Test
  void whereJavaDeniesNativeCodeTheRemedyIsAnOption() throws Exception {
    ChildJvm.Result result =
        ChildJvm.finish(ChildJvm.start("--illegal-native-access=deny", ProbeMain.class, Map.of()));
    assertEquals(
        "java denies it native code; start java with --enable-native-access=ALL-UNNAMED",
        result.output().strip());
  }
}
