package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.RandomCase;
import org.sepconv.cases.RandomCases;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** What is wrong is refused, says so, and does no harm. */
abstract class ErrorRules extends Rules {

  /** Random cases that are only prepared, not run. */
  private static final int PREPARED_CASES = 100;

  ErrorRules(Supplier<Subject> subject) {
    super(subject);
  }

  private static void assertRefused(String what, Executable call) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, call, what + " must be refused");
    assertFalse(
        refused.getMessage() == null || refused.getMessage().isBlank(),
        what + " is refused without a message");
  }

  @TestFactory
  @DisplayName("required 501: an input with the wrong number of channels is refused")
  Stream<DynamicTest> required_501_channels() {
    return ordinary(
        shape -> {
          Shape input = shape.input();
          Shape wrong = new Shape(input.n(), input.c() + 1, input.h(), input.w());
          Weights weights = TestData.of(shape, DataKind.FLOATS, 1).weights();
          assertRefused(
              "one channel too many",
              () ->
                  backend()
                      .prepare(Problem.of(shape.convolution(), TensorSpec.nchw(wrong)), weights));
        });
  }

  @TestFactory
  @DisplayName("required 502: tensors of another shape or layout are refused")
  Stream<DynamicTest> required_502_tensors() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            Prepared prepared = running.prepared();
            for (TensorSpec wrong : otherSpecs(prepared.problem().source())) {
              try (Tensor src = backend().allocate(wrong)) {
                assertRefused("source " + wrong, () -> running.run(src, running.dst()));
              }
            }
            for (TensorSpec wrong : otherSpecs(prepared.problem().destination())) {
              try (Tensor dst = backend().allocate(wrong)) {
                assertRefused("destination " + wrong, () -> running.run(running.src(), dst));
              }
            }
          }
        });
  }

  private static Iterable<TensorSpec> otherSpecs(TensorSpec spec) {
    Shape shape = spec.shape();
    Shape turned = new Shape(shape.n(), shape.c(), shape.w(), shape.h() + 1);
    return Arrays.asList(
        new TensorSpec(shape, spec.layout() == Layout.NCHW ? Layout.NHWC : Layout.NCHW),
        new TensorSpec(turned, spec.layout()),
        new TensorSpec(shape.withBatch(shape.n() + 1), spec.layout()));
  }

  @Test
  @DisplayName("required 503: values of another length are refused")
  void required_503_lengths() {
    TensorSpec spec = TensorSpec.nchw(Shape.of(3, 5, 7));
    try (Tensor tensor = backend().allocate(spec)) {
      int right = spec.shape().elements();
      for (int length : new int[] {0, right - 1, right + 1}) {
        assertRefused("write of " + length, () -> tensor.write(new float[length]));
        assertRefused("read of " + length, () -> tensor.read(new float[length]));
      }
    }
  }

  @Test
  @DisplayName("required 504: tensors of another backend are refused")
  void required_504_other_backend() {
    ShapeCase shape = ORDINARY.getFirst();
    try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW);
        ConvBackend other = subject().open();
        Tensor src = other.allocate(running.source());
        Tensor dst = other.allocate(running.destination())) {
      assertRefused("a foreign source", () -> running.run(src, running.dst()));
      assertRefused("a foreign destination", () -> running.run(running.src(), dst));
    }
  }

  @Test
  @DisplayName("required 505: a convolution in place is refused")
  void required_505_in_place() {
    ShapeCase shape =
        ShapeFile.parseLine("in-place depthwise in=5x6x7 kernel=3 padding=same bias=true");
    try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
      assertRefused("source as destination", () -> running.run(running.src(), running.src()));
    }
  }

  @TestFactory
  @DisplayName("required 510: a residual that is missing, and one too many, is refused")
  Stream<DynamicTest> required_510_arity() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW);
              Tensor more = backend().allocate(running.destination())) {
            Prepared prepared = running.prepared();
            float[] in = new float[shape.input().elements()];
            float[] added = new float[shape.output().elements()];
            float[] out = new float[shape.output().elements()];
            if (shape.convolution().residual()) {
              assertRefused("no residual", () -> prepared.run(running.src(), running.dst()));
              assertRefused("no residual, from an array", () -> prepared.run(in, out));
            } else {
              assertRefused("a residual", () -> prepared.run(running.src(), more, running.dst()));
              assertRefused("a residual, from an array", () -> prepared.run(in, added, out));
            }
          }
        });
  }

  @Test
  @DisplayName("required 511: a residual of another shape, layout, length or backend is refused")
  void required_511_residual() {
    ShapeCase shape =
        ORDINARY.stream().filter(any -> any.convolution().residual()).findFirst().orElseThrow();
    try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
      Prepared prepared = running.prepared();
      for (TensorSpec wrong : otherSpecs(prepared.problem().destination())) {
        try (Tensor residual = backend().allocate(wrong)) {
          assertRefused(
              "residual " + wrong, () -> prepared.run(running.src(), residual, running.dst()));
        }
      }
      try (ConvBackend other = subject().open();
          Tensor residual = other.allocate(prepared.problem().destination())) {
        assertRefused(
            "a foreign residual", () -> prepared.run(running.src(), residual, running.dst()));
      }
      float[] in = new float[shape.input().elements()];
      float[] out = new float[shape.output().elements()];
      assertRefused("a short residual", () -> prepared.run(in, new float[out.length - 1], out));
    }
  }

  @TestFactory
  @DisplayName("required 506: weights of another convolution are refused")
  Stream<DynamicTest> required_506_weights() {
    return ordinary(
        shape -> {
          Conv2d other = Conv2d.of(2, 3).kernel(2).build();
          ConvWeights wrong = ConvWeights.of(new float[other.filterSize()]);
          assertRefused(
              "a filter of another size",
              () -> backend().prepare(shape.problem(Layout.NCHW), wrong));
        });
  }

  @TestFactory
  @DisplayName("required 507: arrays can be changed once they have been given away")
  Stream<DynamicTest> required_507_arrays() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            float[] expected = running.run();
            float[] values = TestData.of(shape, DataKind.FLOATS, subject().seed).input();
            running.src().write(values);
            Arrays.fill(values, 1e30f);
            float[] actual = running.run();
            assertArrayEquals(expected, actual, "after the array that was written had changed");
            Arrays.fill(actual, 1e30f);
            assertArrayEquals(
                expected, running.dst().read(), "after the array that was read had changed");
          }
        });
  }

  @Test
  @DisplayName(
      "required 508: prepare refuses what supports() refuses, with its reason, and no more")
  void required_508_supports() {
    for (int i = 0; i < PREPARED_CASES; i++) {
      RandomCase random = RandomCases.of(subject().seed, i);
      ShapeCase shape = random.shape();
      Problem problem = shape.problem(random.source(), random.destination());
      Weights weights = TestData.of(shape, DataKind.FLOATS, 1).weights();
      Executable prepare = () -> backend().prepare(problem, weights).close();
      switch (backend().supports(problem)) {
        case Support.No(String reason) -> {
          assertFalse(reason.isBlank(), "supports() gives no reason against " + random);
          assertThrows(BackendException.class, prepare, random.toString());
        }
        case Support.Yes _ -> {
          try {
            prepare.execute();
          } catch (Throwable failure) {
            fail("supports() said yes, but prepare refused %s".formatted(random), failure);
          }
        }
      }
    }
  }

  @Test
  @DisplayName("required 509: a call that was refused does no harm to the next")
  void required_509_goes_on() {
    try (Running running = running(ORDINARY.getFirst(), DataKind.FLOATS, Layout.NCHW)) {
      float[] expected = running.run();
      assertRefused("in place", () -> running.run(running.src(), running.src()));
      assertRefused("nothing to write", () -> running.src().write(new float[0]));
      assertRefused("nothing to write", () -> running.dst().write(new float[0]));
      assertArrayEquals(expected, running.run(), "after refused calls");
    }
  }
}
