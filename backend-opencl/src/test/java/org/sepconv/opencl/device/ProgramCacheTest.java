package org.sepconv.opencl.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jocl.CL;
import org.jocl.cl_program;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.conformance.process.ChildJvm;
import org.sepconv.opencl.CachedMain;
import org.sepconv.opencl.Devices;
import org.sepconv.opencl.kernel.ProgramKey;
import org.sepconv.spi.BackendException;

/** Compiled programs on disk, with a real driver: whatever lies there, programs come out right. */
class ProgramCacheTest {
  private static final ProgramKey KEY =
      new ProgramKey("direct", Map.of("ACT", "CLAMP", "GROUP", "2", "WIDTH", "1"));

  @TempDir private Path folder;

  @BeforeEach
  void requireDevice() {
    Devices.require();
  }

  private ClContext open() {
    ClDevice device = ClDevice.all().getFirst();
    return ClContext.open("opencl:0", device, 1, false, ProgramCache.onDisk(Optional.of(folder)));
  }

  private void load() {
    try (ClContext context = open()) {
      cl_program program = context.programs().get(KEY);
      CL.clReleaseKernel(context.kernel(program, "direct"));
      CL.clReleaseProgram(program);
    }
  }

  private List<Path> entries() throws Exception {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void aProgramIsKeptOnDisk() throws Exception {
    load();
    assertEquals(1, entries().size());
    byte[] kept = Files.readAllBytes(entries().getFirst());
    load();
    assertEquals(1, entries().size());
    assertEquals(
        List.of(kept.length),
        List.of(Files.readAllBytes(entries().getFirst()).length),
        "not rebuilt");
  }

  @Test
  void aBinaryOfAnotherDriverIsBuiltAnew() throws Exception {
    load();
    Path entry = entries().getFirst();
    byte[] stale = "a binary that this driver does not know".getBytes();
    byte[] checksum = MessageDigest.getInstance("SHA-256").digest(stale);
    byte[] content = new byte[checksum.length + stale.length];
    System.arraycopy(checksum, 0, content, 0, checksum.length);
    System.arraycopy(stale, 0, content, checksum.length, stale.length);
    Files.write(entry, content);
    load();
    assertTrue(Files.size(entry) > content.length, "the entry was not replaced");
  }

  @Test
  void twoProcessesShareAnEmptyCache() throws Exception {
    List<ChildJvm.Started> processes = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      processes.add(new ChildJvm().start(CachedMain.class, folder.toString()));
    }
    for (ChildJvm.Started process : processes) {
      ChildJvm.Ended result = process.finish();
      assertEquals("[]", result.output().strip());
      assertEquals(0, result.status());
    }
    assertTrue(entries().stream().noneMatch(file -> file.toString().endsWith(".tmp")));
  }

  @Test
  void aProgramThatDoesNotCompileSaysWhy() {
    try (ClContext context = open()) {
      BackendException failure =
          assertThrows(
              BackendException.class,
              () -> context.programs().compile("broken", "__kernel void k() { missing(); }", ""));
      assertTrue(failure.getMessage().contains("CL_BUILD_PROGRAM_FAILURE"), failure.getMessage());
      assertTrue(failure.getMessage().contains("missing"), failure.getMessage());
    }
  }
}
