package org.sepconv.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.bench.BenchReport;
import org.sepconv.bench.Environment;
import org.sepconv.bench.LayerRow;
import org.sepconv.bench.Variant;
import org.sepconv.cli.Ran;

/**
 * What the command refuses before it measures, and what it prints; the harness has its own tests.
 */
class BenchCommandTest {

  static Stream<Arguments> refused() {
    return Stream.of(
        refused("neither a file nor one of: corners", "--shapes", "resnet"),
        refused("there is no layer 'block99'; there are: 112x112-32-64", "--layer", "block99"),
        refused("'fused' is not a variant: expected given, separable", "--variant", "fused"),
        refused("--batch is 0", "--batch", "0"),
        refused("--forks is 0", "--forks", "0"),
        refused("there is no network 'resnet'; there are: mobilenet_v1", "--network", "resnet"),
        refused("height is 0", "--network", "mobilenet_v1", "--size", "0"),
        refused(
            "width multiplier is 0.0", "--network", "mobilenet_v1", "--size", "32", "--width", "0"),
        refused("--batch is -1", "--network", "mobilenet_v2", "--batch", "1,-1"),
        refused("--batch takes one number for layers, not [1, 8]", "--batch", "1,8"),
        refused("--size belongs to --network, which is not given", "--size", "64"),
        refused("--width belongs to --network, which is not given", "--width", "0.5"),
        refused("--layer is for layers", "--network", "mobilenet_v1", "--layer", "block1"),
        refused("--shapes is for layers", "--network", "mobilenet_v1", "--shapes", "pairs"),
        refused("--variant is for layers", "--network", "mobilenet_v1", "--variant", "given"),
        refused("--shape is for models in ONNX", "--shape", "1x3x32x32"),
        refused(
            "--shape is for models in ONNX", "--network", "mobilenet_v1", "--shape", "1x3x32x32"),
        refused("say the sizes of the model's input with --shape", "--network", "a.onnx"),
        refused("--size is for ready-made", "--network", "a.onnx", "--size", "64"),
        refused("'1xN' are no dimensions", "--network", "a.onnx", "--shape", "1xN"),
        refused("a.onnx", "--network", "a.onnx", "--shape", "1x3x32x32"),
        refused("'sse2' is not an instruction set: expected native or avx2", "--isa", "sse2"),
        refused("threads is 0", "--threads", "0"),
        refused("there is no peer 'mkl'; there are: onnxruntime, onednn", "--peers", "mkl"),
        refused("there is no backend 'tpu'; there are: cpu", "--backend", "tpu"),
        refused("'fast' in 'cpu[fast]'", "--backend", "cpu[fast]"),
        refused("cpu has no setting 'cpu.colour'", "--backend", "cpu[colour=red]"),
        refused("there is no folder", "--jmh-json", "/no/such/folder/file.json"),
        refused("there is no folder", "--report", "/no/such/folder/file.html"),
        refused("there is no folder", "--json", "/no/such/folder/file.json"));
  }

  private static Arguments refused(String message, String... arguments) {
    return Arguments.of(message, arguments);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesBeforeItMeasures(String message, String[] arguments) {
    String[] all = Stream.concat(Stream.of("bench"), Stream.of(arguments)).toArray(String[]::new);
    Ran.sepconv(all).expectStatus(2).expectErrorLine(message);
  }

  @Test
  void aFileWithAWrongLineIsRefusedWithItsPlace(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("own.txt"), "a depthwise in=8x8x8\nb odd in=1\n");
    Ran.sepconv("bench", "--shapes", file.toString()).expectStatus(2).expectErrorLine("own.txt:2:");
  }

  static LayerRow row(
      String implementation, boolean peer, List<Double> modes, Optional<Double> speedup) {
    return new LayerRow(
        "block1",
        Variant.GIVEN,
        "depthwise 3x3 8->8 padding same",
        "1x8x8x8",
        1000,
        100,
        implementation,
        peer,
        "a-kernel",
        2e-3,
        List.of(1.9e-3, 2e-3, 2.2e-3),
        modes,
        0.5,
        0.25,
        16,
        peer ? 3.5 : 0.5,
        123.4,
        0.75,
        0.8,
        Optional.empty(),
        speedup);
  }

  @Test
  void printsOneRowForEachAndWhatIsOdd() {
    List<LayerRow> rows =
        List.of(
            row("cpu", false, List.of(1e-3, 2e-3), Optional.of(1.25)),
            row("onednn", true, List.of(2e-3), Optional.empty()));
    String text =
        print(rows, List.of(new BenchReport.Failure("block2", "onednn", true, "too\nbig")));
    for (String part :
        List.of(
            "multiply-add peak 240 GFLOP/s, read bandwidth 20.0 GB/s",
            "block1 depthwise 3x3 8->8 1x8x8x8 cpu 2.00 1.16x bimodal 123.4 75.0 % 80.0 % 1.25x",
            "block1/given onednn 500 250 16 3.50 a-kernel",
            "bimodal: block1 on cpu ran in 1.00 or in 2.00 ms",
            "less exact: block1 on onednn is beyond the bound of a correct float32 result, 3.50 times",
            "not measured: block2 on onednn: too big")) {
      assertTrue(text.contains(part), () -> part + " in\n" + text);
    }
  }

  @Test
  void theManyKernelsOfANetworkAreCut() {
    LayerRow one = row("cpu", false, List.of(2e-3), Optional.empty());
    assertTrue(print(List.of(one), List.of()).contains(" a-kernel\n"));
    LayerRow many =
        new LayerRow(
            "mobilenet_v2-b1",
            Variant.GIVEN,
            "network of 66 operations",
            "1x3x224x224",
            1000,
            100,
            "cpu",
            false,
            "kernel-".repeat(40),
            2e-3,
            List.of(2e-3),
            List.of(2e-3),
            0.5,
            0.25,
            16,
            0.5,
            123.4,
            0.75,
            0.8,
            Optional.empty(),
            Optional.empty());
    String text = print(List.of(many), List.of());
    assertTrue(text.contains("mobilenet_v2-b1 network of 66 operations 1x3x224x224 cpu"), text);
    assertTrue(text.contains("-kernel...\n") || text.contains("kern...\n"), text);
    assertTrue(text.lines().allMatch(line -> line.length() < 180), text);
  }

  @Test
  void withoutPeersThereIsNoComparison() {
    LayerRow row = row("cpu", false, List.of(2e-3), Optional.empty());
    assertFalse(print(List.of(row), List.of()).contains("of limit vs peers"));
  }

  private static String print(List<LayerRow> rows, List<BenchReport.Failure> failures) {
    StringWriter text = new StringWriter();
    BenchText.print(
        new BenchReport(
            Environment.here(), 1, 3, 240e9, 20e9, List.of(), rows, List.of(), failures),
        new PrintWriter(text));
    return text.toString().replaceAll("(?m) +", " ");
  }

  @Test
  void remainingTimeIsRounded() {
    assertEquals("89 s left, ", BenchText.left(Duration.ofSeconds(89)));
    assertEquals("3 min left, ", BenchText.left(Duration.ofSeconds(170)));
  }
}
