package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Tensor;

/**
 * The same bits every time, and from many threads at once. Results are compared with those of a
 * single quiet run, so that a backend that computes wrong numbers fails other rules, not these.
 */
abstract class ConcurrencyRules extends Rules {

  /** Runs of each thread: a race that is lost once in a thousand runs is found most times. */
  private static final int RUNS = 40;

  ConcurrencyRules(Supplier<Subject> subject) {
    super(subject);
  }

  @TestFactory
  @DisplayName("required 301: every run gives the same bits")
  Stream<DynamicTest> required_301_same_bits() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NHWC)) {
            float[] first = running.run();
            for (int i = 0; i < RUNS; i++) {
              assertArrayEquals(first, running.run(), "run " + (i + 2));
            }
          }
        });
  }

  @TestFactory
  @DisplayName("required 302: prepared or opened anew, it gives the same bits")
  Stream<DynamicTest> required_302_prepared_anew() {
    return ordinary(
        shape -> {
          float[] first;
          try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            first = running.run();
          }
          try (Running again = running(shape, DataKind.FLOATS, Layout.NCHW)) {
            assertArrayEquals(first, again.run(), "prepared a second time");
          }
          TestData data = TestData.of(shape, DataKind.FLOATS, subject().seed);
          try (ConvBackend other = subject().open();
              Running opened = Running.of(other, data, shape, Layout.NCHW)) {
            assertArrayEquals(first, opened.run(), "on a backend opened a second time");
          }
        });
  }

  @TestFactory
  @DisplayName("required 303: many threads run one prepared convolution")
  Stream<DynamicTest> required_303_one_prepared() {
    return ordinary(this::checkOnePrepared);
  }

  private void checkOnePrepared(ShapeCase shape) throws Exception {
    List<Tensor> tensors = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    try (Running running = running(shape, DataKind.FLOATS, Layout.NCHW)) {
      TensorSpec source = running.source();
      for (int i = 0; i < Together.THREADS; i++) {
        // Another input for each: with one and the same, a mix-up would not show.
        Tensor src = backend().allocate(source);
        tensors.add(src);
        src.write(TestData.of(shape, DataKind.FLOATS, subject().seed + i).input());
        running.run(src, running.dst());
        expected.add(running.dst().read());
      }
      Together.run(
          thread -> {
            try (Tensor dst = backend().allocate(running.destination())) {
              for (int i = 0; i < RUNS; i++) {
                running.run(tensors.get(thread), dst);
                assertArrayEquals(expected.get(thread), dst.read(), "thread " + thread);
              }
            }
          });
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  @Test
  @DisplayName("required 304: several threads prepare and run convolutions of their own")
  void required_304_several_prepared() throws Exception {
    List<float[]> expected = new ArrayList<>();
    List<ShapeCase> shapes = supported(Layout.NHWC);
    for (ShapeCase shape : shapes) {
      try (Running running = running(shape, DataKind.FLOATS, Layout.NHWC)) {
        expected.add(running.run());
      }
    }
    Together.run(
        thread -> {
          for (int i = 0; i < RUNS; i++) {
            int which = (thread + i) % shapes.size();
            ShapeCase shape = shapes.get(which);
            try (Running running = running(shape, DataKind.FLOATS, Layout.NHWC)) {
              assertArrayEquals(expected.get(which), running.run(), shape.toString());
            }
          }
        });
  }

  @TestFactory
  @DisplayName("required 305: many threads read one source")
  Stream<DynamicTest> required_305_one_source() {
    return ordinary(
        shape -> {
          try (Running running = running(shape, DataKind.FLOATS, Layout.NHWC)) {
            float[] expected = running.run();
            Together.run(
                thread -> {
                  try (Tensor dst = backend().allocate(running.destination())) {
                    for (int i = 0; i < RUNS; i++) {
                      running.run(running.src(), dst);
                      assertArrayEquals(expected, dst.read(), "thread " + thread);
                    }
                  }
                });
          }
        });
  }
}
