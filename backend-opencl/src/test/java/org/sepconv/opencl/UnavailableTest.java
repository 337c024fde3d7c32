package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.TwiceLoaded;
import org.sepconv.opencl.device.OpenClLibrary;

/** What a user is told where there is no OpenCL: one line from us, and none from native code. */
class UnavailableTest {

  @Test
  void withoutAnyPlatformTheRemedyIsADriver(@TempDir Path empty) throws Exception {
    Assumptions.assumeTrue(OpenClLibrary.isPresent(), "there is no OpenCL loader");
    ChildJvm.Ended result =
        new ChildJvm().environment("OCL_ICD_VENDORS", empty.toString()).run(ProbeMain.class);
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
    ChildJvm.Ended result =
        new ChildJvm().environment("OCL_ICD_VENDORS", folder.toString()).run(ProbeMain.class);
    assertEquals(0, result.status(), result.output());
    assertTrue(result.output().contains("no platform with a device"), result.output());
  }

  @Test
  void withoutALoaderTheRemedyIsALoader(@TempDir Path folder) throws Exception {
    // A loader that cannot be loaded comes first on the library path: as if there were none.
    for (String name : new String[] {"libOpenCL.so", "libOpenCL.so.1"}) {
      Files.writeString(folder.resolve(name), "not a library");
    }
    ChildJvm.Ended result =
        new ChildJvm().environment("LD_LIBRARY_PATH", folder.toString()).run(ProbeMain.class);
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
    ChildJvm.Ended result =
        new ChildJvm().nativeAccess("--illegal-native-access=deny").run(ProbeMain.class);
    assertEquals(
        "java denies it native code; start java with --enable-native-access=ALL-UNNAMED",
        result.output().strip());
  }

  @Test
  void nativesOfAnotherClassLoaderAreNamed() throws Exception {
    Devices.require();
    ChildJvm.Ended ended = new ChildJvm().run(TwiceLoaded.class, ProbeMain.class.getName());
    List<String> lines = ended.out().lines().toList();
    assertEquals(2, lines.size(), ended::output);
    assertTrue(lines.getFirst().matches("\\d+"), ended::output);
    assertTrue(lines.getLast().contains("belongs to another class loader"), ended::output);
    assertTrue(lines.getLast().contains("where all applications share them"), ended::output);
  }
}
