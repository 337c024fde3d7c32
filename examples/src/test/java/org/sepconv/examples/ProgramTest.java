package org.sepconv.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sepconv.examples.backend.LoopsBackendProvider;
import org.sepconv.select.Backends;

/** Every program runs, and prints what is right. */
class ProgramTest {
  private final PrintStream stdout = System.out;
  private final Locale locale = Locale.getDefault();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    Locale.setDefault(Locale.ROOT);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(stdout);
    Locale.setDefault(locale);
  }

  private List<String> lines() {
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void firstBlock() {
    FirstBlock.main(new String[0]);
    assertEquals("410 parameters, 7.02 times fewer than a standard convolution", lines().get(0));
    assertEquals("1x32x64x64: 131072 values", lines().get(1));
  }

  @Test
  void costFirst() {
    CostFirst.main(new String[0]);
    assertEquals("  8.41 times fewer MACs than a standard convolution", lines().get(2));
    assertEquals(
        List.of(
            "mobilenet_v1 at 224: 568,740,352 MACs, 4,209,088 filter values",
            "mobilenet_v1 at 192: 418,121,728 MACs, 4,209,088 filter values",
            "mobilenet_v1 at 128: 186,400,768 MACs, 4,209,088 filter values"),
        lines().subList(3, 6));
    assertTrue(
        lines().contains("  features.18.0 of mobilenet_v2: 6.7 % of the MACs"), lines()::toString);
  }

  @Test
  void chooseBackend() {
    ChooseBackend.main(new String[0]);
    assertTrue(lines().getFirst().matches("predicted: \\w+ \\(.*\\)"), lines()::toString);
    assertTrue(
        lines().stream().anyMatch(line -> line.matches("measured: \\w+ \\(.*\\)")),
        lines()::toString);
    assertTrue(
        lines().stream().anyMatch(line -> line.matches("kernel .*: yes, .*")), lines()::toString);
  }

  @Test
  void runOften() {
    RunOften.main(new String[0]);
    assertEquals(
        List.of(
            "frame 1: corner 0.444, centre 1.000",
            "frame 2: corner 0.889, centre 2.000",
            "frame 3: corner 1.333, centre 3.000"),
        lines());
  }

  @Test
  void manySizes() {
    ManySizes.main(new String[0]);
    assertEquals(
        List.of(
            "NHWC 1x32x56x56 -> NHWC 1x64x56x56: 32 ... 32",
            "NHWC 1x32x28x40 -> NHWC 1x64x28x40: 32 ... 32",
            "NHWC 4x32x7x7 -> NHWC 4x64x7x7: 32 ... 32"),
        lines());
  }

  @Test
  void keywordStream() {
    KeywordStream.main(new String[0]);
    List<String> lines = lines();
    assertTrue(lines.getFirst().matches("after   1 frames: class \\d+"), lines::toString);
    assertEquals(
        List.of("a stream carries 8,320 bytes", "the whole sequence gives the same bits"),
        lines.subList(lines.size() - 2, lines.size()));
  }

  @Test
  void theBackendIsFoundOnTheClassPath() {
    try (Backends backends = Backends.discover()) {
      assertTrue(
          backends.devices().stream().anyMatch(device -> device.id().equals("loops")),
          backends.devices()::toString);
      String type = backends.backend("loops").getClass().getPackageName();
      assertEquals(LoopsBackendProvider.class.getPackageName(), type);
    }
  }
}
