package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.Verification;

/** Every parameter, at its corners and at random, on whole numbers and on floats. */
abstract class NumberRules extends Rules {

  /** Rows and columns that are left of the maps of networks: enough for every edge and a middle. */
  private static final int NETWORK_MAP = 8;

  NumberRules(Supplier<Subject> subject) {
    super(subject);
  }

  private Stream<DynamicTest> corners(String theme) {
    return corners(theme, DataKind.INTEGERS, DataKind.FLOATS);
  }

  @TestFactory
  @DisplayName("required 101: kernels of 1 to 7, even, not square")
  Stream<DynamicTest> required_101_kernel() {
    return corners("kernel");
  }

  @TestFactory
  @DisplayName("required 102: strides, also beyond the kernel and the input")
  Stream<DynamicTest> required_102_stride() {
    return corners("stride");
  }

  @TestFactory
  @DisplayName("required 103: dilation")
  Stream<DynamicTest> required_103_dilation() {
    return corners("dilation");
  }

  @TestFactory
  @DisplayName("required 104: padding on each side, SAME of both kinds, beyond kernel and input")
  Stream<DynamicTest> required_104_padding() {
    return corners("padding");
  }

  @TestFactory
  @DisplayName("required 105: inputs of one pixel, one row, one column")
  Stream<DynamicTest> required_105_pixel() {
    return corners("pixel");
  }

  @TestFactory
  @DisplayName("required 106: channels around every tile")
  Stream<DynamicTest> required_106_channels() {
    return corners("channels");
  }

  @TestFactory
  @DisplayName("required 107: depth multiplier")
  Stream<DynamicTest> required_107_multiplier() {
    return corners("multiplier");
  }

  @TestFactory
  @DisplayName("required 108: groups")
  Stream<DynamicTest> required_108_groups() {
    return corners("groups");
  }

  @TestFactory
  @DisplayName("required 109: every activation")
  Stream<DynamicTest> required_109_activation() {
    return corners("activation");
  }

  @TestFactory
  @DisplayName("required 110: bias of each output channel, in either stage")
  Stream<DynamicTest> required_110_bias() {
    return corners("bias");
  }

  @TestFactory
  @DisplayName("required 111: batches")
  Stream<DynamicTest> required_111_batch() {
    return corners("batch");
  }

  @TestFactory
  @DisplayName("required 112: separable convolutions")
  Stream<DynamicTest> required_112_separable() {
    return corners("separable");
  }

  @TestFactory
  @DisplayName("required 113: the output in another layout than the input")
  Stream<DynamicTest> required_113_layout() {
    return Stream.of("batch", "groups", "multiplier", "separable", "stride")
        .flatMap(theme -> cornerCases(theme).stream())
        .map(shape -> DynamicTest.dynamicTest(shape.toString(), () -> checkMixedLayouts(shape)));
  }

  private void checkMixedLayouts(ShapeCase shape) {
    List<Expectation> expectations =
        List.of(Expectation.of(shape, DataKind.INTEGERS, subject().seed));
    check(expectations, Layout.NCHW, Layout.NHWC);
    check(expectations, Layout.NHWC, Layout.NCHW);
  }

  @TestFactory
  @DisplayName("required 114: a residual is added after the bias and before the activation")
  Stream<DynamicTest> required_114_residual() {
    return Stream.concat(
        corners("residual"),
        cornerCases("residual").stream()
            .map(
                shape ->
                    DynamicTest.dynamicTest(
                        "mixed layouts: " + shape, () -> checkMixedLayouts(shape))));
  }

  @Test
  @DisplayName("required 120: random operations")
  void required_120_random() {
    Verification.Report report =
        Verification.convolutions(backend(), subject().seed, subject().randomCases);
    if (!report.unsupported().isEmpty()) {
      System.out.println(unsupported(report));
    }
    if (!report.failures().isEmpty()) {
      fail(failures(report));
    }
  }

  private static String unsupported(Verification.Report report) {
    return report.unsupported().stream()
        .collect(Collectors.groupingBy(Verification.Skip::reason, Collectors.counting()))
        .entrySet()
        .stream()
        .map(reason -> "  %d times: %s".formatted(reason.getValue(), reason.getKey()))
        .collect(
            Collectors.joining(
                "\n",
                "%d of %d random cases (seed %d) are unsupported:\n"
                    .formatted(report.unsupported().size(), report.cases(), report.seed()),
                ""));
  }

  private static String failures(Verification.Report report) {
    StringBuilder text = new StringBuilder();
    text.append(
        "%d of %d random cases failed (seed %d)"
            .formatted(report.failures().size(), report.cases(), report.seed()));
    for (Verification.Failure failure : report.failures().stream().limit(5).toList()) {
      text.append(
          "\n%d: %s\n  %s\n  smallest: %s"
              .formatted(
                  failure.index(), failure.description(), failure.message(), failure.shrunk()));
    }
    return text.toString();
  }

  @TestFactory
  @DisplayName("required 130: the layers of MobileNetV1 and V2, on small maps")
  Stream<DynamicTest> required_130_networks() {
    List<DynamicTest> tests = new ArrayList<>();
    Set<Convolution> seen = new HashSet<>();
    for (String network : List.of("mobilenet_v1", "mobilenet_v2")) {
      for (ShapeCase layer : ShapeFile.named(network)) {
        if (seen.add(layer.convolution())) {
          ShapeCase small = onSmallMap(layer);
          tests.add(
              DynamicTest.dynamicTest(
                  network + " " + small, () -> checkInBothLayouts(small, DataKind.INTEGERS)));
        }
      }
    }
    return tests.stream();
  }

  private static ShapeCase onSmallMap(ShapeCase layer) {
    Shape input = layer.input();
    return new ShapeCase(
        layer.name(),
        layer.convolution(),
        Shape.of(input.c(), Math.min(input.h(), NETWORK_MAP), Math.min(input.w(), NETWORK_MAP)));
  }
}
