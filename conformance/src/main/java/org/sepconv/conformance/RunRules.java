package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.ElementType;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Support;

/** What is prepared: bound and run many times, for other sizes, explained, and joined in graphs. */
abstract class RunRules extends Rules {
  private static final int RUNS = 5;

  RunRules(Supplier<Subject> subject) {
    super(subject);
  }

  private Running running(ShapeCase shape) {
    return running(shape, DataKind.FLOATS, Layout.NCHW);
  }

  private TestData data(ShapeCase shape, int otherSeed) {
    return TestData.of(shape, DataKind.FLOATS, subject().seed + otherSeed);
  }

  /** The weights of one with the numbers of another to run on. */
  private static TestData mixed(TestData weights, TestData numbers) {
    return new TestData(
        numbers.kind(), numbers.input(), weights.weights(), numbers.residual(), false);
  }

  @TestFactory
  @DisplayName("required 701: a bound run gives the bits of run(source, destination), every time")
  Stream<DynamicTest> required_701_bound() {
    return ordinary(
        shape -> {
          try (Running running = running(shape)) {
            float[] expected = running.run();
            float[] dirty = new float[expected.length];
            try (Run run = running.bind()) {
              for (int i = 0; i < RUNS; i++) {
                running.dst().write(dirty);
                run.run();
                assertArrayEquals(expected, running.dst().read(), "run() number " + i);
                running.dst().write(dirty);
                run.start();
                run.await();
                assertArrayEquals(expected, running.dst().read(), "start(), await() number " + i);
              }
            }
          }
        });
  }

  @TestFactory
  @DisplayName("required 702: runs of one prepared convolution keep to their own tensors")
  Stream<DynamicTest> required_702_bound_apart() {
    return ordinary(
        shape -> {
          try (Running first = running(shape);
              Running second =
                  Running.of(
                      backend(), mixed(data(shape, 0), data(shape, 1)), shape, Layout.NCHW)) {
            float[] expected = first.run();
            float[] expectedOfOther = second.run();
            Prepared prepared = first.prepared();
            // Bound one after the other: the second may get what the first one needed.
            prepared.bind(first.inputs(), List.of(first.dst())).close();
            second.dst().write(new float[expectedOfOther.length]);
            try (Run alone = prepared.bind(second.inputs(), List.of(second.dst()))) {
              alone.run();
              assertArrayEquals(expectedOfOther, second.dst().read(), "bound after another");
            }
            // Bound and started at the same time.
            first.dst().write(new float[expected.length]);
            second.dst().write(new float[expectedOfOther.length]);
            try (Run one = first.bind();
                Run other = prepared.bind(second.inputs(), List.of(second.dst()))) {
              one.start();
              other.start();
              one.await();
              other.await();
            }
            assertArrayEquals(expected, first.dst().read(), "the first of two at once");
            assertArrayEquals(expectedOfOther, second.dst().read(), "the second of two at once");
          }
        });
  }

  @TestFactory
  @DisplayName("required 703: a run of what is closed is refused")
  Stream<DynamicTest> required_703_closed() {
    return ordinary(
        shape -> {
          try (Running running = running(shape);
              Run run = running.bind()) {
            run.run();
            running.src().close();
            assertThrows(IllegalStateException.class, run::run, "a closed source");
          }
          try (Running running = running(shape);
              Run run = running.bind()) {
            running.dst().close();
            assertThrows(IllegalStateException.class, run::start, "a closed destination");
          }
          try (Running running = running(shape);
              Run run = running.bind()) {
            run.run();
            running.prepared().close();
            assertThrows(IllegalStateException.class, run::run, "what was prepared is closed");
          }
          try (Running running = running(shape)) {
            Run run = running.bind();
            run.close();
            assertThrows(IllegalStateException.class, run::run, "the run itself is closed");
            run.close();
          }
        });
  }

  @TestFactory
  @DisplayName("required 704: withSource() gives the bits of preparing anew, whatever is closed")
  Stream<DynamicTest> required_704_other_size() {
    return ordinary(
        shape -> {
          Shape input = shape.input();
          for (Shape other :
              List.of(
                  new Shape(1, input.c(), input.h() + 5, input.w() + 2),
                  new Shape(input.n() + 1, input.c(), input.h() - 6, input.w() - 3))) {
            checkWithSource(shape, other);
          }
        });
  }

  private void checkWithSource(ShapeCase shape, Shape input) {
    ShapeCase other = new ShapeCase(shape.name(), shape.convolution(), input);
    subject().assumeSupports(other, Layout.NCHW);
    TestData usual = data(shape, 0);
    TestData data = mixed(usual, data(other, 0));
    float[] expected;
    try (Running anew = Running.of(backend(), data, other, Layout.NCHW)) {
      expected = anew.run();
    }
    try (Running first = Running.of(backend(), usual, shape, Layout.NCHW)) {
      float[] expectedOfFirst = first.run();
      TensorSpec source = other.problem(Layout.NCHW).source();
      try (Running adapted = Running.of(first.prepared().withSource(source), data)) {
        assertEquals(other.problem(Layout.NCHW), adapted.prepared().problem(), "problem()");
        assertArrayEquals(expected, adapted.run(), "on " + input);
        assertArrayEquals(expectedOfFirst, first.run(), "the first, after one for " + input);
      }
      assertArrayEquals(expectedOfFirst, first.run(), "the first, after the other was closed");
      try (Running adapted = Running.of(first.prepared().withSource(source), data)) {
        first.prepared().close();
        assertArrayEquals(expected, adapted.run(), "after the first was closed, on " + input);
      }
    }
  }

  @TestFactory
  @DisplayName("required 705: explain() takes the kernel that runs, and gives every reason")
  Stream<DynamicTest> required_705_explained() {
    return ordinary(
        shape -> {
          try (Running running = running(shape)) {
            List<KernelCandidate> candidates = running.prepared().explain();
            for (KernelCandidate candidate : candidates) {
              assertFalse(candidate.kernel().isBlank(), "a kernel without a name: " + candidates);
              assertFalse(candidate.reason().isBlank(), "no reason for " + candidate.kernel());
            }
            assertEquals(
                running.prepared().kernel(),
                candidates.stream()
                    .filter(KernelCandidate::taken)
                    .map(KernelCandidate::kernel)
                    .collect(Collectors.joining(" + ")),
                "what is taken is not kernel()");
          }
        });
  }

  @TestFactory
  @DisplayName("required 706: values of another type than float32 are refused, with a reason")
  Stream<DynamicTest> required_706_types() {
    return ordinary(
        shape -> {
          Weights weights = data(shape, 0).weights();
          Problem problem = shape.problem(Layout.NCHW);
          for (ElementType type : ElementType.values()) {
            if (type != ElementType.FLOAT32) {
              assertRefused(withType(problem, type), weights);
            }
          }
        });
  }

  private static Problem withType(Problem problem, ElementType type) {
    return new Problem(
        problem.operation(),
        problem.inputs().stream().map(spec -> spec.withType(type)).toList(),
        problem.outputs().stream().map(spec -> spec.withType(type)).toList());
  }

  private void assertRefused(Problem problem, Weights weights) {
    Support.No no =
        assertInstanceOf(
            Support.No.class, backend().supports(problem), "tensors have float32 values only");
    assertFalse(no.reason().isBlank(), "supports() gives no reason against " + problem);
    BackendException refused =
        assertThrows(
            BackendException.class, () -> backend().prepare(problem, weights).close(), "prepare");
    assertFalse(
        Objects.requireNonNullElse(refused.getMessage(), "").isBlank(),
        "prepare refuses without a message");
  }

  @Test
  @DisplayName("required 707: a graph gives what its operations give one by one")
  void required_707_graph() {
    GraphCase graph = GraphCase.of(subject().seed);
    for (Layout layout : Layout.values()) {
      Problem problem = graph.problem(layout);
      assertInstanceOf(Support.Yes.class, backend().supports(problem), "a graph of known parts");
      List<float[]> expected = graph.expected(problem);
      List<float[]> actual = graph.run(backend(), problem);
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(
            expected.get(i),
            actual.get(i),
            "%s, in %s: these sums are exact".formatted(problem.outputs().get(i), layout));
      }
    }
  }

  @TestFactory
  @DisplayName("required 708: one weights object may be prepared more than once")
  Stream<DynamicTest> required_708_same_weights() {
    return ordinary(
        shape -> {
          TestData data = data(shape, 0);
          subject().assumeSupports(shape, Layout.NCHW);
          try (Running second = Running.of(backend(), data, shape, Layout.NCHW)) {
            float[] expected = second.run();
            try (Running first = Running.of(backend(), data, shape, Layout.NCHW)) {
              assertArrayEquals(expected, first.run(), "prepared twice");
              assertArrayEquals(expected, second.run(), "after they were prepared again");
            }
            assertArrayEquals(expected, second.run(), "after the other one was closed");
          }
          try (Running again = Running.of(backend(), data, shape, Layout.NCHW);
              Running copied = running(shape)) {
            assertArrayEquals(copied.run(), again.run(), "prepared again, after all were closed");
          }
        });
  }
}
