package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sepconv.conformance.process.ProcessState;
import org.sepconv.opencl.plan.Chooser;

/** The short form of {@link Soak}. */
class SoakTest {

  /** A buffer that each cycle leaks would be beyond: 10,000 of 2 KiB. */
  private static final long MOST_GROWTH_KIB = 12_000;

  private static final int CYCLES = 10_000;

  private static final int WARM_CYCLES = 15_000;

  @BeforeEach
  void requireDevice() {
    Devices.require();
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs Linux's /proc");
  }

  @Test
  void neitherMemoryNorHandlesGrow() throws IOException {
    try (OpenClBackend backend = TinyShapes.open(true, _ -> Chooser.FIRST)) {
      // Warm: the heap and every pool have their size, and what C2 compiles is compiled. In a
      // heap of fixed size 4,000 cycles are not enough: memory grows by 15 MB until 12,000, and
      // then stays as it is.
      Soak.cycle(backend, WARM_CYCLES);
      ProcessState before = ProcessState.here();
      Soak.cycle(backend, CYCLES);
      ProcessState after = ProcessState.here();
      long growth = after.residentKib() - before.residentKib();
      assertTrue(growth < MOST_GROWTH_KIB, "grew by " + growth + " KiB");
      assertTrue(after.files() <= before.files() + 3, () -> before + ", then " + after);
    }
  }
}
