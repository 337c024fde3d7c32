package org.sepconv.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sepconv.Layout;

class LayerBenchTest {

  @Test
  void everyBenchmarkBodyComputesTheRightAnswer() {
    LayerBenchmark benchmark = new LayerBenchmark();
    benchmark.shapes = "mobilenet_v1";
    benchmark.layer = "block13";
    benchmark.backend = "cpu";
    benchmark.layout = Layout.NHWC;
    benchmark.threads = 2;
    benchmark.setup(); // compares with the reference
    benchmark.run();
    benchmark.tearDown();
  }

  @Test
  void theMachineBenchmarksComputeWhatTheyCount() {
    Assumptions.assumeTrue(
        ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
        "this JVM was started without jdk.incubator.vector");
    MachineBenchmark machine = new MachineBenchmark();
    machine.setup();
    // Sixteen times x = 0.999 x + 0.001 ends at 1, whatever it starts with.
    assertEquals(12f, machine.multiplyAdd(), 0.1f);
    // The sum of ones in one lane.
    float lanes = MachineBenchmark.flopsPerCall() / (2f * 10_000 * 12);
    assertEquals(MachineBenchmark.BYTES / 4 / lanes, machine.read());
  }

  @Test
  void refusesALayerThatIsNotThere() {
    var plan = new LayerBench.Plan("mobilenet_v1", List.of("block99"), List.of("cpu"), 1, 1);
    var refused =
        assertThrows(IllegalArgumentException.class, () -> LayerBench.run(plan, (_, _, _) -> {}));
    assertTrue(refused.getMessage().contains("block99"), refused.getMessage());
    assertTrue(refused.getMessage().contains("block13"), refused.getMessage());
  }

  @Test
  void takesTheMiddleAndTheSpread() {
    assertEquals(2, LayerBench.median(List.of(3.0, 1.0, 2.0)));
    assertEquals(2.5, LayerBench.median(List.of(4.0, 1.0, 2.0, 3.0)));
    LayerRow row = new LayerRow("l", "c", "i", "cpu", 1, 2e-3, List.of(1e-3, 3e-3, 2e-3), 1, 1, 1);
    assertEquals(3, row.spread(), 1e-12);
  }

  @Test
  void namesAConvolutionBriefly() {
    assertEquals(
        "separable 3x3 512->1024 stride 2",
        row(
            "separable [depthwise 3x3 512->512 stride 2 padding same bias relu6 + pointwise 1x1 512->1024 bias relu6]"));
    assertEquals(
        "standard 3x3 3->32 stride 2", row("standard 3x3 3->32 stride 2 padding same bias relu6"));
  }

  private static String row(String convolution) {
    return new LayerRow("l", convolution, "i", "cpu", 1, 1, List.of(1.0), 1, 1, 1).summary();
  }

  @Test
  void saysOnWhichProcessor(@TempDir Path folder) throws IOException {
    Path cpuinfo =
        Files.writeString(
            folder.resolve("cpuinfo"), "model name\t: Fast 9\nflags\t\t: fpu avx2 avx512f\n");
    assertEquals("Fast 9, AVX-512", Environment.cpu(cpuinfo));
    assertEquals("unknown processor", Environment.cpu(folder.resolve("absent")));
  }
}
