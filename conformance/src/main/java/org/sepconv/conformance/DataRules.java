package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Checker;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.Expectation;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** What becomes of the numbers: exactness, special values, and who writes where. */
abstract class DataRules extends Rules {

  private static final float[] CHALLENGES = {
    Float.NaN,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    0f,
    -0f,
    1e-3f,
    -1e-3f,
    0.5f,
    -0.5f,
    2.4f,
    -2.4f,
    3f,
    -3f,
    6f,
    -6f,
    6.5f,
    -6.5f,
    20f,
    -20f,
    80f,
    -80f,
    90f,
    -90f,
    1000f,
    -1000f,
    1e30f,
    -1e30f,
  };

  private static final List<ShapeCase> LONG_SUMS =
      List.of(
          ShapeFile.parseLine("sum.pointwise pointwise in=2051x3x3 out=9 bias=true"),
          ShapeFile.parseLine("sum.standard standard in=259x4x5 out=7 kernel=3 padding=same"),
          ShapeFile.parseLine("sum.depthwise depthwise in=3x35x35 kernel=31 padding=same"),
          ShapeFile.parseLine(
              "sum.separable separable in=515x4x5 out=9 kernel=5 padding=same bias=true"));

  DataRules(Supplier<Subject> subject) {
    super(subject);
  }

  @TestFactory
  @DisplayName("required 201: long sums of whole numbers are exact")
  Stream<DynamicTest> required_201_exact() {
    return longSums(DataKind.INTEGERS);
  }

  @TestFactory
  @DisplayName("required 202: long sums of floats are within gamma(n) * sum |x||w|")
  Stream<DynamicTest> required_202_bound() {
    return longSums(DataKind.FLOATS);
  }

  private Stream<DynamicTest> longSums(DataKind kind) {
    return LONG_SUMS.stream()
        .map(
            shape ->
                DynamicTest.dynamicTest(shape.toString(), () -> checkInBothLayouts(shape, kind)));
  }

  @TestFactory
  @DisplayName("required 203: NaN and infinities travel, and only to the outputs that see them")
  Stream<DynamicTest> required_203_not_finite() {
    return Stream.of("pixel", "padding", "groups", "batch", "separable", "activation", "residual")
        .flatMap(theme -> corners(theme, DataKind.NOT_FINITE));
  }

  @TestFactory
  @DisplayName("required 204: activations of special values")
  Stream<DynamicTest> required_204_activation() {
    return Stream.of(
            Activation.NONE,
            Activation.RELU,
            Activation.RELU6,
            Activation.HARD_SWISH,
            Activation.SILU,
            Activation.SIGMOID,
            Activation.HARD_SIGMOID,
            Activation.GELU,
            Activation.TANH,
            new Activation.LeakyRelu(0.1f),
            new Activation.Clamp(-1, 2))
        .map(
            activation ->
                DynamicTest.dynamicTest(
                    activation.toString(),
                    () -> {
                      Conv2d conv = Conv2d.pointwise(1, 1).activation(activation).build();
                      checkInput(conv, Shape.of(1, 1, CHALLENGES.length), CHALLENGES);
                    }));
  }

  /** Checks a convolution whose weights are all 1. */
  private void checkInput(Conv2d conv, Shape input, float[] values) {
    float[] ones = new float[conv.filterSize()];
    Arrays.fill(ones, 1);
    TestData data =
        new TestData(DataKind.NOT_FINITE, values, ConvWeights.of(ones), Optional.empty(), false);
    Expectation expectation = Expectation.of(new ShapeCase("special", conv, input), data);
    check(List.of(expectation), Layout.NCHW, Layout.NCHW);
    check(List.of(expectation), Layout.NHWC, Layout.NHWC);
  }

  @TestFactory
  @DisplayName("required 205: the whole range of float32, not that of a narrower type")
  Stream<DynamicTest> required_205_range() {
    return ordinary(
        shape -> {
          for (float scale : new float[] {0x1p60f, 0x1p-60f}) {
            TestData data = TestData.of(shape, DataKind.FLOATS, subject().seed);
            float[] scaled = data.input().clone();
            for (int i = 0; i < scaled.length; i++) {
              scaled[i] *= scale;
            }
            Expectation wide = Expectation.of(shape, data.withInput(scaled));
            check(List.of(wide), Layout.NHWC, Layout.NHWC);
          }
        });
  }

  @Test
  @DisplayName("optional 206: subnormal numbers are not flushed to zero")
  void optional_206_subnormal() {
    ShapeCase shape = ShapeFile.parseLine("subnormal depthwise in=5x6x7 kernel=3 padding=same");
    TestData whole = TestData.of(shape, DataKind.INTEGERS, subject().seed);
    float[] tiny = whole.input().clone();
    for (int i = 0; i < tiny.length; i++) {
      tiny[i] *= Float.MIN_VALUE;
    }
    TestData data = whole.withInput(tiny);
    Outcome outcome =
        Checker.check(backend(), Expectation.of(shape, data), Layout.NCHW, Layout.NCHW);
    switch (outcome) {
      case Outcome.Passed _ -> {}
      case Outcome.Unsupported(String reason) ->
          Assumptions.abort("unsupported: %s: %s".formatted(shape, reason));
      case Outcome.Failed(String message) ->
          Assumptions.abort("subnormal numbers are lost: " + message);
    }
  }

  @TestFactory
  @DisplayName("required 207: each run computes from what the source holds then")
  Stream<DynamicTest> required_207_new_input() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.INTEGERS, Layout.NHWC)) {
            running.run();
            float[] other = TestData.of(shape, DataKind.INTEGERS, subject().seed + 1).input();
            TestData first = TestData.of(shape, DataKind.INTEGERS, subject().seed);
            Expectation expectation = Expectation.of(shape, first.withInput(other));
            running.src().write(expectation.input(Layout.NHWC));
            expectation
                .agreement(running.run(), Layout.NHWC)
                .problem()
                .ifPresent(wrong -> fail("after a second write: " + wrong));
          }
        });
  }

  @TestFactory
  @DisplayName("required 208: a run does not change its source")
  Stream<DynamicTest> required_208_source() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            float[] before = running.src().read();
            running.run();
            assertArrayEquals(before, running.src().read(), "the source after a run");
          }
        });
  }

  @TestFactory
  @DisplayName("required 209: a run overwrites whatever the destination held")
  Stream<DynamicTest> required_209_destination() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            float[] first = running.run();
            float[] junk = new float[first.length];
            Arrays.fill(junk, 1e30f);
            running.dst().write(junk);
            assertArrayEquals(first, running.run(), "the output over a used destination");
          }
        });
  }

  @TestFactory
  @DisplayName("required 212: a run does not change its residual")
  Stream<DynamicTest> required_212_residual() {
    return residuals(
        (shape, layout) -> {
          try (Running running = running(shape, DataKind.INTEGERS, layout)) {
            Tensor residual = running.residual().orElseThrow();
            float[] before = residual.read();
            running.run();
            assertArrayEquals(before, residual.read(), layout + ": the residual after a run");
          }
        });
  }

  @TestFactory
  @DisplayName("required 213: the residual may be the destination, or the source")
  Stream<DynamicTest> required_213_residual_in_place() {
    return residuals(
        (shape, layout) -> {
          try (Running running = running(shape, DataKind.INTEGERS, layout)) {
            Prepared prepared = running.prepared();
            Tensor residual = running.residual().orElseThrow();
            float[] input = running.src().read();
            float[] added = residual.read();
            float[] expected = running.run();
            running.src().write(input);
            running.dst().write(added);
            prepared.run(running.src(), running.dst(), running.dst());
            assertArrayEquals(expected, running.dst().read(), layout + ": the destination");
            if (shape.input().equals(shape.output())) {
              running.src().write(input);
              residual.write(input);
              expected = running.run();
              running.src().write(input);
              prepared.run(running.src(), running.src(), running.dst());
              assertArrayEquals(expected, running.dst().read(), layout + ": the source");
            }
          }
        });
  }

  /** A test for each corner case with a residual, in both layouts. */
  private Stream<DynamicTest> residuals(BiConsumer<ShapeCase, Layout> rule) {
    return cornerCases("residual").stream()
        .map(
            shape ->
                DynamicTest.dynamicTest(
                    shape.toString(),
                    () -> {
                      for (Layout layout : Layout.values()) {
                        rule.accept(shape, layout);
                      }
                    }));
  }

  @Test
  @DisplayName("required 210: a new tensor holds zeros")
  void required_210_zeros() {
    TensorSpec spec = TensorSpec.nhwc(new Shape(2, 3, 5, 7));
    for (int i = 0; i < 3; i++) {
      // Several times: memory that was used before may come back.
      try (Tensor tensor = backend().allocate(spec)) {
        assertArrayEquals(new float[spec.shape().elements()], tensor.read(), "a new tensor");
        float[] used = new float[spec.shape().elements()];
        Arrays.fill(used, 3);
        tensor.write(used);
      }
    }
  }

  @TestFactory
  @DisplayName("required 211: what is written is read, from and to heap and native memory")
  Stream<DynamicTest> required_211_transfer() {
    return Stream.of(Layout.values())
        .map(layout -> DynamicTest.dynamicTest(layout.toString(), () -> checkTransfer(layout)));
  }

  private void checkTransfer(Layout layout) {
    Shape shape = new Shape(1, CHALLENGES.length, 2, 3);
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i < CHALLENGES.length ? CHALLENGES[i] : i;
    }
    values[values.length - 1] = Float.MIN_VALUE;
    try (Arena arena = Arena.ofConfined();
        Tensor tensor = backend().allocate(new TensorSpec(shape, layout))) {
      tensor.write(values);
      assertBits(values, tensor.read());

      float[] reversed = new float[values.length];
      for (int i = 0; i < values.length; i++) {
        reversed[i] = values[values.length - 1 - i];
      }
      MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, reversed);
      tensor.write(segment);
      assertBits(reversed, tensor.read());
      segment.fill((byte) 0);
      tensor.read(segment);
      assertBits(reversed, segment.toArray(ValueLayout.JAVA_FLOAT));
    }
  }

  private static void assertBits(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, "length");
    for (int i = 0; i < expected.length; i++) {
      assertEquals(
          Float.floatToIntBits(expected[i]),
          Float.floatToIntBits(actual[i]),
          "value %d was written as %s and read as %s".formatted(i, expected[i], actual[i]));
    }
  }
}
