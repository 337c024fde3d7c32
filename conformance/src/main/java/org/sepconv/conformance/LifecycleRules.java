package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.Layout;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.TestData;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Tensor;

/** Closing: twice, too early, while others run. */
abstract class LifecycleRules extends Rules {

  /** Runs of each thread before something is closed under it. */
  private static final int RUNS_BEFORE_CLOSE = 3;

  LifecycleRules(Supplier<Subject> subject) {
    super(subject);
  }

  private static ShapeCase ordinaryCase() {
    return ORDINARY.getLast();
  }

  /** On a backend of its own, which the rule may close. */
  private Running running(ConvBackend backend, ShapeCase shape) {
    subject().assumeSupports(shape, Layout.NCHW);
    TestData data = TestData.of(shape, DataKind.FLOATS, subject().seed);
    return Running.of(backend, data, shape, Layout.NCHW);
  }

  @TestFactory
  @DisplayName("required 401: closing twice does nothing the second time")
  Stream<DynamicTest> required_401_close_twice() {
    return ordinary(
        shape -> {
          ConvBackend backend = subject().open();
          Running running = running(backend, shape);
          running.run();
          for (int i = 0; i < 2; i++) {
            running.close();
            backend.close();
          }
        });
  }

  @Test
  @DisplayName("required 402: a closed tensor is refused")
  void required_402_closed_tensor() {
    try (Running running = running(backend(), ordinaryCase())) {
      float[] values = running.src().read();
      running.src().close();
      assertThrows(IllegalStateException.class, running.src()::read, "read");
      assertThrows(IllegalStateException.class, () -> running.src().write(values), "write");
      assertThrows(IllegalStateException.class, running::run, "run with a closed source");
      try (Tensor src = backend().allocate(running.source())) {
        running.dst().close();
        assertThrows(
            IllegalStateException.class,
            () -> running.run(src, running.dst()),
            "run with a closed destination");
      }
    }
  }

  @TestFactory
  @DisplayName("required 403: a closed convolution refuses to run")
  Stream<DynamicTest> required_403_closed_prepared() {
    return ordinary(
        shape -> {
          try (Running running = running(backend(), shape)) {
            running.prepared().close();
            assertThrows(IllegalStateException.class, running::run, "run");
          }
        });
  }

  @Test
  @DisplayName("required 404: a closed backend refuses everything")
  void required_404_closed_backend() {
    ConvBackend backend = subject().open();
    try (Running running = running(backend, ordinaryCase())) {
      float[] values = running.src().read();
      backend.close();
      assertThrows(
          IllegalStateException.class, () -> backend.allocate(running.source()), "allocate");
      assertThrows(IllegalStateException.class, () -> running(backend, ordinaryCase()), "prepare");
      assertThrows(IllegalStateException.class, () -> running.src().write(values), "write");
      assertThrows(IllegalStateException.class, () -> running.src().read(), "read");
      assertThrows(IllegalStateException.class, running::run, "run");
    }
  }

  @TestFactory
  @DisplayName("required 405: closing a convolution lets the runs under way finish, and no others")
  Stream<DynamicTest> required_405_close_prepared_while_running() {
    return ordinary(shape -> checkCloseWhileRunning(shape, Running::prepared));
  }

  @TestFactory
  @DisplayName("required 406: closing a source lets the runs under way finish, and no others")
  Stream<DynamicTest> required_406_close_source_while_running() {
    return ordinary(shape -> checkCloseWhileRunning(shape, Running::src));
  }

  @TestFactory
  @DisplayName("required 407: closing a backend lets the runs under way finish, and no others")
  Stream<DynamicTest> required_407_close_backend_while_running() {
    return ordinary(
        shape -> checkCloseWhileRunning(shape, running -> running.prepared().backend()));
  }

  private void checkCloseWhileRunning(
      ShapeCase shape, Function<Running, AutoCloseable> closedUnderIt) throws Exception {
    CountDownLatch warm = new CountDownLatch(Together.THREADS);
    AtomicBoolean closed = new AtomicBoolean();
    try (ConvBackend backend = subject().open();
        Running running = running(backend, shape)) {
      float[] expected = running.run();
      try (Together together =
          Together.start(_ -> runUntilClosed(running, expected, closed, warm))) {
        warm.await();
        closedUnderIt.apply(running).close();
        closed.set(true);
        together.join();
      }
    }
  }

  private static void runUntilClosed(
      Running running, float[] expected, AtomicBoolean closed, CountDownLatch warm) {
    float[] actual = new float[expected.length];
    try (Tensor dst = running.prepared().backend().allocate(running.destination())) {
      for (int run = 1; ; run++) {
        boolean mustRefuse = closed.get();
        try {
          running.run(running.src(), dst);
          assertFalse(mustRefuse, "a run succeeded after close() had returned");
          dst.read(actual);
        } catch (IllegalStateException _) {
          return;
        }
        assertArrayEquals(expected, actual, "a run while another thread closes");
        if (run == RUNS_BEFORE_CLOSE) {
          warm.countDown();
        }
      }
    } finally {
      while (warm.getCount() > 0) {
        warm.countDown(); // whoever closes must not wait for a thread that failed
      }
    }
  }

  @TestFactory
  @DisplayName("required 408: closing one thing leaves the others in order")
  Stream<DynamicTest> required_408_others_go_on() {
    return ordinary(
        shape -> {
          try (Running stays = running(backend(), shape)) {
            float[] expected = stays.run();
            running(backend(), shape).close();
            assertArrayEquals(expected, stays.run(), "after another convolution was closed");
            ConvBackend other = subject().open();
            running(other, shape).close();
            other.close();
            assertArrayEquals(expected, stays.run(), "after another backend was closed");
          }
        });
  }
}
