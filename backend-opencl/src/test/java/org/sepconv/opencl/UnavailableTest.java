package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.TwiceLoaded;
import org.sepconv.opencl.device.JoclLibrary;
import org.sepconv.opencl.device.OpenClLibrary;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;

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

  /** Mapped as it is, a library without its end is a SIGBUS. */
  @Test
  void aLibraryOfJoclThatWasCutShortIsReplaced(@TempDir Path folder) throws Exception {
    Devices.require();
    JoclLibrary.unpack();
    Path whole = JoclLibrary.in(Path.of(System.getProperty("java.io.tmpdir")));
    Path cut = JoclLibrary.in(folder);
    for (int bytes : new int[] {0, 100, 4096, 100_000}) {
      Files.write(cut, Arrays.copyOf(Files.readAllBytes(whole), bytes));
      ChildJvm.Ended ended =
          new ChildJvm().option("-Djava.io.tmpdir=" + folder).run(ProbeMain.class);
      assertEquals(0, ended.status(), ended::output);
      assertTrue(ended.output().strip().matches("\\d+"), ended::output);
      assertEquals(-1, Files.mismatch(whole, cut));
    }
  }

  @Test
  void aLibraryOfJoclThatCannotBeUnpackedIsNamed(@TempDir Path folder) throws Exception {
    Assumptions.assumeTrue(OpenClLibrary.isPresent(), "there is no OpenCL loader");
    Path file = JoclLibrary.in(folder);
    Files.createDirectories(file.resolve("taken")); // no file can take its place
    ChildJvm child = new ChildJvm().option("-Djava.io.tmpdir=" + folder);
    ChildJvm.Ended probed = child.run(ProbeMain.class);
    assertEquals(0, probed.status(), probed::output);
    assertTrue(
        probed.output().startsWith("JOCL's native library cannot be unpacked to "), probed::output);
    assertTrue(probed.output().contains(file.toString()), probed::output);
    assertTrue(probed.output().contains("; set java.io.tmpdir to a folder"), probed::output);
    ChildJvm.Ended opened = child.run(OpenMain.class);
    assertTrue(opened.output().contains("opencl:0: JOCL's native library"), opened::output);
    assertTrue(opened.output().strip().endsWith("the reference goes on: 6.0"), opened::output);
  }

  /** Opens a device that is not there, and goes on with another backend. */
  public static final class OpenMain {
    public static void main(String[] arguments) {
      try {
        new OpenClBackendProvider()
            .open(new DeviceInfo("opencl:0", "test", Map.of()), BackendOptions.defaults());
      } catch (BackendException refused) {
        System.out.println(refused.getMessage());
      }
      Conv2d conv = Conv2d.pointwise(2, 1).build();
      Problem problem = Problem.of(conv, TensorSpec.nchw(Shape.of(2, 1, 1)));
      try (Backends backends = Backends.discover()) {
        float[] result =
            backends
                .backend("reference")
                .convolve(problem, ConvWeights.of(new float[] {2, 2}), new float[] {1, 2});
        System.out.println("the reference goes on: " + result[0]);
      }
    }
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
