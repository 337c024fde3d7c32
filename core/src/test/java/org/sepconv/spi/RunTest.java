package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

@Timeout(60)
class RunTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 2).build();
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10, 100, 1000});
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final float[] INPUT = {1, 2, 3, 4};
  private static final float[] OUTPUT = {31, 42, 3100, 4200};

  private final FakeBackend backend = new FakeBackend("fake");
  private final Prepared prepared = backend.prepare(Problem.of(CONV, SPEC), WEIGHTS);
  private final Prepared adding =
      backend.prepare(Problem.of(CONV.withResidual(true), SPEC), WEIGHTS);
  private final Tensor source = filled(INPUT);
  private final Tensor destination = backend.allocate(SPEC);

  private Tensor filled(float... values) {
    Tensor tensor = backend.allocate(SPEC);
    tensor.write(values);
    return tensor;
  }

  private Run bind() {
    return prepared.bind(List.of(source), List.of(destination));
  }

  private static void closed(Runnable call, String what) {
    Expect.failure(IllegalStateException.class, call::run, what, "closed");
  }

  @Test
  void computesAsOftenAsItIsAskedTo() {
    try (Run run = bind()) {
      for (int i = 1; i <= 100; i++) {
        source.write(new float[] {i, 0, 0, 2 * i});
        run.run();
        assertArrayEquals(new float[] {i, 20 * i, 100 * i, 2000 * i}, destination.read());
      }
    }
    assertEquals(2, backend.executions.get(), "one of each that was prepared");
  }

  @Test
  void theNumberOfTensorsIsChecked() {
    List<Tensor> one = List.of(destination);
    Expect.refused(
        () -> prepared.bind(List.of(), one), "0 inputs were given, but " + CONV + " has 1");
    Expect.refused(() -> prepared.bind(List.of(source, source), one), "2 inputs");
    Expect.refused(() -> adding.bind(List.of(source), one), "1 inputs", "residual has 2");
    Expect.refused(() -> prepared.bind(List.of(source), List.of()), "0 outputs", "has 1");
    Expect.refused(
        () -> prepared.bind(List.of(source), List.of(destination, filled(INPUT))), "2 outputs");
  }

  @Test
  void theTensorsAreChecked() {
    Tensor turned = backend.allocate(TensorSpec.nchw(Shape.of(2, 2, 1)));
    Tensor foreign = new FakeBackend("other").allocate(SPEC);
    List<Tensor> in = List.of(source);
    List<Tensor> out = List.of(destination);
    Expect.refused(
        () -> prepared.bind(List.of(turned), out),
        "source is NCHW 1x2x2x1, but the operation was prepared for NCHW 1x2x1x2");
    Expect.refused(() -> prepared.bind(in, List.of(turned)), "destination is NCHW 1x2x2x1");
    Expect.refused(() -> adding.bind(List.of(source, turned), out), "residual is NCHW 1x2x2x1");
    Expect.refused(
        () -> prepared.bind(List.of(foreign), out),
        "source belongs to another backend (other)",
        "this operation runs on fake");
    Expect.refused(() -> prepared.bind(in, List.of(foreign)), "destination belongs to another");
    Expect.refused(() -> prepared.bind(in, in), "source and destination are the same tensor");
    assertEquals(2, backend.executions.get(), "what was taken for it was given back");
    assertEquals(0, backend.runs());
  }

  @Test
  void anInputThatMayBeReplacedIs() {
    Tensor both = filled(0.5f, 0, 0, -200);
    try (Run run = adding.bind(List.of(source, both), List.of(both))) {
      run.run();
      assertArrayEquals(new float[] {31.5f, 42, 3100, 4000}, both.read());
      run.run();
      assertArrayEquals(new float[] {62.5f, 84, 6200, 8200}, both.read());
    }
    Expect.refused(
        () -> adding.bind(List.of(source, both), List.of(source)), "source and destination");
  }

  @Test
  void whatIsStartedIsAwaited() {
    backend.queues = true;
    try (Run run = bind()) {
      Class<IllegalStateException> refused = IllegalStateException.class;
      Expect.failure(refused, run::await, "start() comes first");
      run.start();
      assertEquals(0, backend.runs());
      Expect.failure(refused, run::start, "started already", "await()");
      Expect.failure(refused, run::run, "started already", "await()");
      run.await();
      assertEquals(1, backend.runs());
      assertArrayEquals(OUTPUT, destination.read());
      Expect.failure(refused, run::await, "start() comes first");
      run.start();
      run.await();
      assertEquals(2, backend.runs());
    }
  }

  @Test
  void closingAwaitsWhatWasStarted() {
    backend.queues = true;
    Run run = bind();
    run.start();
    run.close();
    assertArrayEquals(OUTPUT, destination.read());
    closeAll();
  }

  @Test
  void closedItDoesNothing() {
    Run run = bind();
    run.close();
    run.close();
    closed(run::run, "this run");
    closed(run::start, "this run");
    closed(run::deviceTime, "this run");
    Expect.failure(IllegalStateException.class, run::await, "nothing to wait for");
    assertEquals(0, backend.runs());
    assertArrayEquals(INPUT, source.read(), "the tensors stay open");
  }

  @Test
  void whatOneGivesBackTheNextTakes() {
    bind().close();
    try (Run run = bind()) {
      run.run();
    }
    prepared.run(source, destination);
    assertEquals(2, backend.executions.get());
  }

  @Test
  void closedTwiceItGivesBackOnce() {
    backend.queues = true;
    Run first = bind();
    first.close();
    try (Run second = bind()) {
      first.close();
      try (Run third = prepared.bind(List.of(filled(5, 6, 7, 8)), List.of(filled(INPUT)))) {
        assertEquals(3, backend.executions.get(), "the second and the third share nothing");
        second.start();
        third.start();
        third.await();
        second.await();
      }
    }
    assertArrayEquals(OUTPUT, destination.read());
  }

  @Test
  void manyAtOnceAreServedAndAllGivenBack() {
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      runs.add(bind());
    }
    assertEquals(101, backend.executions.get());
    runs.forEach(Run::run);
    runs.forEach(Run::close);
    assertEquals(65, backend.executions.get(), "those beyond the most that are kept are gone");
    closeAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "destination", "prepared", "backend"})
  void whatIsClosedCannotRunAndHoldsNothingOpen(String which) {
    Run run = bind();
    run.run();
    closing(which).run();
    closed(run::run, "");
    closed(run::start, "");
    assertEquals(1, backend.runs());
    run.close();
    closeAll();
  }

  @Test
  void aRunOnAClosedTensorLeavesTheRestUsable() {
    Tensor other = filled(0, 0, 0, 0);
    Tensor gone = filled(INPUT);
    try (Run run = prepared.bind(List.of(gone), List.of(destination))) {
      gone.close();
      closed(run::run, "tensor " + SPEC);
      try (Run another = prepared.bind(List.of(source), List.of(other))) {
        another.run();
      }
      closed(run::run, "tensor " + SPEC);
    }
    prepared.run(source, destination);
    assertArrayEquals(OUTPUT, other.read());
    assertArrayEquals(OUTPUT, destination.read());
    other.close();
    closeAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRunThatFailsLeavesEverythingUsable(boolean queues) {
    backend.queues = queues;
    Run run = bind();
    backend.runFails = true;
    Expect.failure(BackendException.class, run::run, "lost in a run");
    backend.runFails = false;
    run.run();
    assertArrayEquals(OUTPUT, destination.read());
    backend.runFails = true;
    if (queues) {
      run.start();
      assertThrows(BackendException.class, run::close);
    }
    run.close();
    closeAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"source", "destination", "prepared", "backend"})
  void closingWaitsForAStartedRun(String which) throws Exception {
    backend.queues = true;
    Run run = bind();
    run.start();
    Thread closer = Thread.ofPlatform().start(closing(which));
    LifecycleTest.awaitWaiting(closer);
    assertEquals(List.of(), backend.released);
    run.await();
    closer.join();
    assertEquals(1, backend.released.size());
    assertArrayEquals(OUTPUT, ((FakeBackend.HostTensor) destination).values);
    run.close();
  }

  @Test
  void tellsTheDevicesTime() {
    try (Run run = bind()) {
      assertEquals(Duration.ZERO, run.deviceTime());
      run.run();
      assertEquals(Duration.ofNanos(1000), run.deviceTime());
      run.run();
      assertEquals(Duration.ofNanos(2000), run.deviceTime());
      prepared.close();
      closed(run::deviceTime, "prepared " + CONV);
    }
  }

  private Runnable closing(String which) {
    return switch (which) {
      case "source" -> source::close;
      case "destination" -> destination::close;
      case "prepared" -> prepared::close;
      default -> backend::close;
    };
  }

  /** Waits for nobody, and leaves nothing. */
  private void closeAll() {
    for (AutoCloseable each : List.of(source, destination, prepared, adding, backend)) {
      try {
        each.close();
      } catch (Exception failure) {
        throw new AssertionError(failure);
      }
    }
    assertEquals(0, backend.executions.get());
  }
}
