package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Layout;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeFile;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

/**
 * Every family of kernels where vectors and tiles end: widths up to three vectors and a pixel,
 * channels up to four vectors and one, compared with the reference bit by bit. With {@code
 * -Dsepconv.lanes=all} all of them, a nightly's work; else those next to whole vectors.
 */
@DisplayName("lanes and tails")
class LanesAndTailsTest {
  private static final boolean ALL = System.getProperty("sepconv.lanes", "").equals("all");

  /** Of each a line of a shape file for C channels, and W columns. */
  private static final List<String> FAMILIES =
      List.of(
          "depthwise in=Cx3xW kernel=3 padding=same bias=true activation=relu",
          "depthwise in=Cx4xW kernel=3 stride=2 padding=same bias=true",
          "depthwise in=Cx3xW kernel=3 dilation=5 padding=same",
          "depthwise in=Cx2xW kernel=7 padding=same bias=true activation=silu",
          "depthwise in=Cx2xW kernel=3x13 padding=same bias=true",
          "depthwise in=Cx2xW kernel=3 multiplier=2 padding=same",
          "grouped in=2Cx3xW out=2C groups=C kernel=3 padding=same bias=true",
          "grouped in=8Cx2xW out=8C groups=C kernel=3x2 padding=same",
          "grouped in=16Cx2xW out=16C groups=C kernel=1x3 padding=same bias=true",
          "pointwise in=Cx2xW out=C bias=true activation=relu6",
          "pointwise in=Cx1x1 out=W bias=true",
          "standard in=Cx2xW out=5 kernel=3 padding=same bias=true",
          "standard in=3x2xW out=C kernel=3 stride=2 padding=same",
          "separable in=Cx3xW out=C kernel=3 padding=same bias=true activation=relu");

  static Stream<Arguments> families() {
    return IntStream.of(128, 256, 512)
        .boxed()
        .flatMap(bits -> FAMILIES.stream().map(family -> Arguments.of(bits, family)));
  }

  /** From 1 to some whole vectors and one. */
  private static List<Integer> values(int lanes, int vectors) {
    int most = vectors * lanes + 1;
    if (ALL) {
      return IntStream.rangeClosed(1, most).boxed().toList();
    }
    var some = new TreeSet<>(List.of(1, lanes - 1, lanes, lanes + 1, most - 2, most));
    return List.copyOf(some);
  }

  private static String line(String family, int channels, int width) {
    StringBuilder line = new StringBuilder("tail");
    for (String word : family.split(" ")) {
      line.append(' ');
      String[] parts = word.split("=", 2);
      line.append(parts[0]);
      if (parts.length == 2) {
        line.append('=').append(sized(parts[1], channels, width));
      }
    }
    return line.toString();
  }

  /** {@code 2CxW} is as many as twice the channels, by the width. */
  private static String sized(String value, int channels, int width) {
    return Stream.of(value.split("x"))
        .map(
            part ->
                part.endsWith("C")
                    ? "" + channels * factor(part)
                    : part.equals("W") ? "" + width : part)
        .reduce((a, b) -> a + "x" + b)
        .orElseThrow();
  }

  private static int factor(String part) {
    return part.length() == 1 ? 1 : Integer.parseInt(part.substring(0, part.length() - 1));
  }

  @ParameterizedTest(name = "{0} bits: {1}")
  @MethodSource("families")
  void areAsTheReferenceSays(int bits, String family) {
    VectorModule.assumePresent();
    int lanes = bits / Float.SIZE;
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(1)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", "" + bits);
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()))) {
      for (int channels : values(lanes, 4)) {
        for (int width : values(lanes, 3)) {
          String line = line(family, channels, width);
          Outcome outcome =
              Checker.check(
                  backends.backend("cpu"),
                  ShapeFile.parseLine(line),
                  Layout.NHWC,
                  Layout.NHWC,
                  DataKind.INTEGERS,
                  channels + width);
          assertEquals(Outcome.PASSED, outcome, line);
        }
      }
    }
  }
}
