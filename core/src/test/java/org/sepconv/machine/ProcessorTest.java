package org.sepconv.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProcessorTest {
  private static final String X86 =
      """
      processor\t: 0
      vendor_id\t: GenuineIntel
      cpu family\t: 6
      model\t\t: 143
      model name\t: Intel(R) Xeon(R) Processor
      stepping\t: 8
      flags\t\t: fpu avx2 avx512f

      processor\t: 1
      vendor_id\t: GenuineIntel
      model name\t: Intel(R) Xeon(R) Processor
      """;
  private static final String ARM =
      """
      processor\t: 0
      Features\t: fp asimd sve
      CPU implementer\t: 0x41
      CPU architecture: 8
      CPU variant\t: 0x1
      CPU part\t: 0xd40
      CPU revision\t: 1
      """;

  @Test
  void readsAnX86Processor() {
    Processor processor = Processor.parse(X86, "amd64");
    assertEquals("Intel(R) Xeon(R) Processor", processor.name());
    assertEquals("GenuineIntel, family 6, model 143, stepping 8", processor.model());
    assertEquals(Set.of("fpu", "avx2", "avx512f"), processor.features());
    assertEquals(2, processor.logical());
    assertEquals("Intel(R) Xeon(R) Processor, AVX-512", processor.describe());
  }

  @Test
  void readsAnArmProcessor() {
    Processor processor = Processor.parse(ARM, "aarch64");
    assertEquals("aarch64 processor", processor.name());
    assertEquals("implementer 0x41, variant 0x1, part 0xd40, revision 1", processor.model());
    assertEquals("aarch64 processor, SVE", processor.describe());
    assertEquals("NEON", Processor.parse("Features : fp asimd\n", "aarch64").vectors());
  }

  @Test
  void namesTheWidestVectors() {
    assertEquals("AVX2", Processor.parse("flags : sse avx avx2\n", "amd64").vectors());
    assertEquals("", Processor.parse("flags : sse avx\n", "amd64").vectors());
  }

  @Test
  void fallsBackToTheArchitecture() {
    Processor processor = Processor.of(Path.of("/nonexistent/cpuinfo"), "riscv64");
    assertEquals(new Processor("riscv64 processor", "", Set.of(), 0), processor);
    assertEquals("riscv64 processor", processor.describe());
  }

  @Test
  void knowsWhereItIs() {
    Processor here = Processor.here();
    assertFalse(here.name().isBlank());
    if (System.getProperty("os.name").equals("Linux")) {
      assertTrue(here.logical() > 0);
    }
  }
}
