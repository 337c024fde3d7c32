package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.sepconv.Layout;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.spi.ConvBackend;

/** A theme of the suite: rules about one {@link Subject}. */
abstract class Rules {

  /** The same case everywhere where a rule is not about numbers: one for each way to prepare. */
  static final List<ShapeCase> ORDINARY =
      List.of(
          ShapeFile.parseLine(
              "ordinary.depthwise depthwise in=2x17x19x18 kernel=3 padding=same bias=true activation=relu"),
          ShapeFile.parseLine(
              "ordinary.pointwise pointwise in=2x17x19x18 out=23 bias=true activation=relu6"),
          // An exponential is the one part that kernels may compute in more than one way.
          ShapeFile.parseLine(
              "ordinary.silu pointwise in=2x17x19x18 out=23 bias=true activation=silu"),
          ShapeFile.parseLine(
              "ordinary.standard standard in=9x15x14 out=12 kernel=3 stride=2 padding=same bias=true"),
          ShapeFile.parseLine(
              "ordinary.residual pointwise in=2x17x19x18 out=23 bias=true residual=true activation=relu"),
          ShapeFile.parseLine(
              "ordinary.separable separable in=2x17x19x18 out=23 kernel=3 padding=same bias=true activation=relu6/none"));

  private final Supplier<Subject> subject;

  Rules(Supplier<Subject> subject) {
    this.subject = subject;
  }

  final Subject subject() {
    return subject.get();
  }

  final ConvBackend backend() {
    return subject().backend();
  }

  @BeforeEach
  void requireDevice() {
    subject().requireDevice();
  }

  /** The corners of one theme, each on these kinds of numbers and in both layouts. */
  final Stream<DynamicTest> corners(String theme, DataKind... kinds) {
    return cornerCases(theme).stream()
        .map(
            shape ->
                DynamicTest.dynamicTest(shape.toString(), () -> checkInBothLayouts(shape, kinds)));
  }

  final List<ShapeCase> cornerCases(String theme) {
    List<ShapeCase> cases =
        subject().corners.stream().filter(shape -> shape.theme().equals(theme)).toList();
    if (cases.isEmpty()) {
      throw new IllegalArgumentException("no corner case has the theme " + theme);
    }
    return cases;
  }

  final void checkInBothLayouts(ShapeCase shape, DataKind... kinds) {
    List<Expectation> expectations = new ArrayList<>();
    for (DataKind kind : kinds) {
      expectations.add(Expectation.of(shape, kind, subject().seed));
    }
    check(expectations, Layout.NCHW, Layout.NCHW);
    check(expectations, Layout.NHWC, Layout.NHWC);
  }

  /** Fails on a wrong output; skips, with the reason, what the backend does not support. */
  final void check(List<Expectation> expectations, Layout source, Layout destination) {
    for (Expectation expectation : expectations) {
      switch (Checker.check(backend(), expectation, source, destination)) {
        case Outcome.Passed _ -> {}
        case Outcome.Unsupported(String reason) ->
            Assumptions.abort("unsupported: %s: %s".formatted(expectation.shape(), reason));
        case Outcome.Failed(String message) -> fail(expectation.shape() + "\n  " + message);
      }
    }
  }

  /** Ready to run an ordinary case; the caller closes it. */
  final Running running(ShapeCase shape, DataKind kind, Layout layout) {
    subject().assumeSupports(shape, layout);
    return Running.of(backend(), TestData.of(shape, kind, subject().seed), shape, layout);
  }

  /** Those ordinary cases that the backend supports: for rules that need several at once. */
  final List<ShapeCase> supported(Layout layout) {
    return ORDINARY.stream().filter(shape -> subject().supports(shape, layout)).toList();
  }

  /** A test for each ordinary case. */
  static Stream<DynamicTest> ordinary(CaseRule rule) {
    return ORDINARY.stream()
        .map(shape -> DynamicTest.dynamicTest(shape.toString(), () -> rule.check(shape)));
  }

  /** What must hold for a case. */
  @FunctionalInterface
  interface CaseRule {
    void check(ShapeCase shape) throws Exception;
  }
}
