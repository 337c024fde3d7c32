package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.conformance.process.Extent;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;

/** A driver whose calls fail or hang: a library, compiled here, stands before the real one. */
class FaultsTest {
  @TempDir private Path folder;

  private Path library;
  private Path real;

  @BeforeEach
  void compile() throws Exception {
    Devices.require(); // and so the real library is in this process
    real = realLibrary();
    Path source = folder.resolve("faults.c");
    try (InputStream in = FaultsTest.class.getResourceAsStream("faults.c")) {
      Files.copy(in, source);
    }
    library = folder.resolve("libOpenCL.so.1");
    Process compiler;
    try {
      compiler =
          new ProcessBuilder(
                  "cc",
                  "-shared",
                  "-fPIC",
                  "-O1",
                  "-o",
                  library.toString(),
                  source.toString(),
                  "-ldl")
              .redirectErrorStream(true)
              .start();
    } catch (IOException none) {
      skip("there is no C compiler (cc)");
      return;
    }
    String output = new String(compiler.getInputStream().readAllBytes());
    assertEquals(0, compiler.waitFor(), output);
  }

  private static Path realLibrary() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      skip("needs Linux's /proc");
    }
    try (Stream<String> lines = Files.lines(maps)) {
      return lines
          .filter(line -> line.contains("libOpenCL.so"))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void skip(String reason) {
    System.out.println("skipped: " + reason);
    Assumptions.abort(reason);
  }

  private ChildJvm child() {
    return new ChildJvm()
        .option("-Dsepconv.probeSeconds=2", "-Dsepconv.hostSpeed=assumed")
        .environment("FAULTS_REAL", real.toString())
        .environment("LD_LIBRARY_PATH", folder.toString());
  }

  @Test
  void everyCallThatFailsIsNamedAndLeavesNothing() throws Exception {
    ChildJvm.Ended ended =
        child()
            .option("-D" + Extent.PROPERTY + "=" + System.getProperty(Extent.PROPERTY))
            .run(FaultsMain.class, library.toString());
    List<String> lines = ended.out().lines().toList();
    assertEquals(1, lines.size(), ended::output);
    assertTrue(Integer.parseInt(lines.getFirst()) > 25, ended::output);
    assertEquals(0, ended.status(), ended::output);
  }

  @Test
  void aDriverThatHangsOrFailsToEnumerateIsNamed() throws Exception {
    for (String call :
        Extent.of(List.of("clGetDeviceIDs", "clGetPlatformIDs", "clGetDeviceInfo"), 1)) {
      ChildJvm.Ended hanging =
          child().environment("FAULTS_HANG", call).run(Listing.class, library.toString());
      assertEquals(0, hanging.status(), hanging::output);
      assertTrue(hanging.out().contains("no answer within 2.0 s"), hanging::output);
      assertTrue(hanging.out().contains("the reference computes"), hanging::output);
    }
    for (String call : List.of("clGetPlatformIDs", "clGetDeviceIDs")) {
      ChildJvm.Ended failing =
          child().environment("FAULTS_FAIL", call).run(Listing.class, library.toString());
      assertEquals(0, failing.status(), failing::output);
      assertTrue(failing.out().contains(call), failing::output);
      assertTrue(failing.out().contains("CL_OUT_OF_HOST_MEMORY (-6)"), failing::output);
      assertTrue(failing.out().contains("the reference computes"), failing::output);
    }
  }

  /** Says what is wrong with the backend, and that another one is there. */
  static final class Listing {
    public static void main(String[] arguments) {
      try (Backends backends = Backends.discover()) {
        backends
            .statuses()
            .forEach(
                status -> {
                  if (status.availability() instanceof Availability.Unavailable why) {
                    System.out.println(status.name() + ": " + why);
                  }
                });
        backends.backend("reference");
        System.out.println("the reference computes");
      }
    }
  }
}
