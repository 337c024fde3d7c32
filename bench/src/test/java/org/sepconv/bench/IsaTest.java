package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.cases.ShapeFile;

/** Everything that is measured is held to the same instructions. */
class IsaTest {

  private static void needsX86() {
    Assumptions.assumeTrue(
        List.of("amd64", "x86_64").contains(System.getProperty("os.arch")), "avx2 is for x86");
  }

  @Test
  void isReadFromItsName() {
    assertEquals(Isa.NATIVE, Isa.parse("native"));
    assertEquals(List.of(), Isa.NATIVE.jvmOptions());
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> Isa.parse("avx512")).getMessage();
    assertEquals("'avx512' is not an instruction set: expected native or avx2", refusal);
  }

  @Test
  void isRefusedWhereThereIsNoSuchThing() {
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> Isa.onX86(Isa.AVX2, "aarch64"))
            .getMessage();
    assertEquals("avx2 is for x86, but this machine is aarch64: leave it out", refusal);
  }

  /** Through real JVMs: the options and the environment reach them, and the results say so. */
  @Test
  void reachesTheJvmsAndTheResults() throws IOException {
    needsX86();
    BenchPlan plan =
        new BenchPlan(
            BenchLayer.of(
                ShapeFile.named("pairs"), List.of("7x7-1024-1024"), List.of(Variant.DEPTHWISE), 0),
            List.of(Implementations.named("cpu[cold]"), Implementations.peer("onednn")),
            1,
            1,
            new Pace(1, 10, 1, 10),
            Isa.AVX2);
    BenchReport report = LayerBench.run(plan, (_, _, _, _) -> {}).report();
    assertEquals(List.of(), report.failures());
    String machine = report.environment().toString();
    assertTrue(machine.contains("held to AVX2: JVM -XX:UseAVX=2, oneDNN"), machine);
    assertTrue(report.rows().getFirst().kernel().contains("v8"), "256 bits at most");
    assertTrue(report.rows().getLast().kernel().contains("avx2"), report.rows()::toString);
  }
}
