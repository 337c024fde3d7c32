package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

@Timeout(60)
class PreparedTest {
  private static final Conv2d CONV = Conv2d.pointwise(2, 2).build();
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final Problem PROBLEM = Problem.of(CONV, SPEC);
  private static final ConvWeights WEIGHTS = ConvWeights.of(new float[] {1, 10, 100, 1000});
  private final FakeBackend backend = new FakeBackend("fake");
  private final Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
  private final Tensor source = backend.allocate(SPEC);
  private final Tensor destination = backend.allocate(SPEC);

  @Test
  void saysWhatItIs() {
    assertSame(backend, prepared.backend());
    assertSame(PROBLEM, prepared.problem());
    assertEquals(
        List.of(KernelCandidate.taken("reference-POINTWISE", "the backend's only kernel for it")),
        prepared.explain());
  }

  @Test
  void computes() {
    source.write(new float[] {1, 2, 3, 4});
    prepared.run(source, destination);
    assertArrayEquals(new float[] {31, 42, 3100, 4200}, destination.read());
  }

  @Test
  void computesFromArrayToArray() {
    float[] output = new float[4];
    prepared.run(new float[] {1, 2, 3, 4}, output);
    assertArrayEquals(new float[] {31, 42, 3100, 4200}, output);
  }

  @Test
  void arraysOfAnotherLengthAndTheSameArrayAreRefused() {
    float[] four = new float[4];
    Class<IllegalArgumentException> refused = IllegalArgumentException.class;
    assertThrows(refused, () -> prepared.run(new float[3], four));
    assertThrows(refused, () -> prepared.run(four, new float[5]));
    assertThrows(refused, () -> prepared.run(four, four));
    prepared.close();
    assertThrows(IllegalStateException.class, () -> prepared.run(new float[4], four));
  }

  @Test
  void manyThreadsRunAtOnce() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int x = i;
        runs.add(
            executor.submit(
                () -> {
                  try (Tensor src = backend.allocate(SPEC);
                      Tensor dst = backend.allocate(SPEC)) {
                    src.write(new float[] {x, x, x, x});
                    prepared.run(src, dst);
                    assertArrayEquals(new float[] {11 * x, 11 * x, 1100 * x, 1100 * x}, dst.read());
                  }
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
  }

  @Test
  void tensorsOfAnotherBackendAreRefused() {
    FakeBackend other = new FakeBackend("other");
    Tensor foreign = other.allocate(SPEC);
    Expect.refused(
        () -> prepared.run(foreign, destination),
        "source belongs to another backend (other)",
        "this operation runs on fake",
        "read()");
    Expect.refused(() -> prepared.run(source, foreign), "destination belongs to another backend");
    // Another backend of the same device is another backend.
    Tensor twin = new FakeBackend("fake").allocate(SPEC);
    Expect.refused(() -> prepared.run(twin, destination), "another backend (fake)");
  }

  @Test
  void otherShapesAndLayoutsAreRefused() {
    Tensor large = backend.allocate(TensorSpec.nchw(Shape.of(2, 2, 1)));
    Tensor nhwc = backend.allocate(TensorSpec.nhwc(Shape.of(2, 1, 2)));
    Expect.refused(
        () -> prepared.run(large, destination),
        "source is NCHW 1x2x2x1",
        "the operation was prepared for NCHW 1x2x1x2");
    Expect.refused(() -> prepared.run(source, large), "destination is NCHW 1x2x2x1");
    Expect.refused(() -> prepared.run(nhwc, destination), "source is NHWC");
    Expect.refused(() -> prepared.run(source, nhwc), "destination is NHWC");
  }

  @Test
  void inPlaceIsRefused() {
    Expect.refused(() -> prepared.run(source, source), "same tensor", "in place");
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> prepared.run(null, destination), "source");
    Expect.nullRefused(() -> prepared.run(source, null), "destination");
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepared", "source", "destination", "backend"})
  void whatIsClosedCannotRunAndHoldsNothingOpen(String closed) {
    switch (closed) {
      case "prepared" -> prepared.close();
      case "source" -> source.close();
      case "destination" -> destination.close();
      default -> backend.close();
    }
    Expect.failure(
        IllegalStateException.class, () -> prepared.run(source, destination), "is closed");
    // Whatever the refused run had entered it has left: closing waits for nobody.
    prepared.close();
    source.close();
    destination.close();
    backend.close();
    assertEquals(4, backend.released.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepared", "source", "destination", "backend"})
  void closingWaitsForTheRun(String closed) throws Exception {
    source.write(new float[] {1, 2, 3, 4});
    FakeBackend.Pause pause = new FakeBackend.Pause();
    backend.pause = pause;
    Thread run = Thread.ofPlatform().start(() -> prepared.run(source, destination));
    pause.begun.await();
    AutoCloseable closing =
        switch (closed) {
          case "prepared" -> prepared;
          case "source" -> source;
          case "destination" -> destination;
          default -> backend;
        };
    Thread closer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    closing.close();
                  } catch (Exception failure) {
                    throw new AssertionError(failure);
                  }
                });
    LifecycleTest.awaitWaiting(closer);
    assertEquals(List.of(), backend.released);
    pause.mayEnd.countDown();
    run.join();
    closer.join();
    assertEquals(1, backend.released.size());
    assertArrayEquals(
        new float[] {31, 42, 3100, 4200}, ((FakeBackend.HostTensor) destination).values);
  }

  @Test
  void closesOnce() {
    prepared.close();
    prepared.close();
    assertEquals(List.of("reference-POINTWISE"), backend.released);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherSizeSharesWhatTheBackendCanShare(boolean adapts) {
    backend.adapts = adapts;
    Prepared mixed = backend.prepare(Problem.of(CONV, SPEC, Layout.NHWC), WEIGHTS);
    int before = backend.prepared();
    TensorSpec batch = TensorSpec.nchw(new Shape(2, 2, 1, 1));
    Prepared other = mixed.withSource(batch);
    assertEquals(adapts ? before : before + 1, backend.prepared());
    assertEquals(Problem.of(CONV, batch, Layout.NHWC), other.problem());
    // What was made from another can be made into another again.
    backend.adapts = false;
    Prepared third = other.withSource(SPEC);
    assertEquals(mixed.problem(), third.problem());
    mixed.close();
    float[] output = new float[4];
    other.run(new float[] {1, 3, 2, 4}, output);
    assertArrayEquals(new float[] {31, 3100, 42, 4200}, output);
    other.close();
    third.run(new float[] {1, 2, 3, 4}, output);
    assertArrayEquals(new float[] {31, 3100, 42, 4200}, output);
    third.close();
    prepared.close();
    assertEquals(0, backend.executions.get());
  }

  @Test
  void anotherSizeMustFitAndBeSupported() {
    TensorSpec wide = TensorSpec.nchw(Shape.of(2, 1, 3));
    Expect.refused(
        () -> prepared.withSource(TensorSpec.nchw(Shape.of(3, 1, 2))), "input has 3 channels");
    backend.adapts = true;
    backend.support = new Support.No("too wide");
    Expect.failure(
        BackendException.class,
        () -> prepared.withSource(wide),
        "does not support " + CONV + " on " + wide,
        "too wide");
    backend.support = Support.YES;
    prepared.close();
    Expect.failure(
        IllegalStateException.class,
        () -> prepared.withSource(wide),
        "prepared " + CONV + " of fake is closed");
    assertEquals(1, backend.prepared());
  }

  @Test
  void closingGivesBackWhatRunsNeeded() {
    prepared.run(source, destination);
    prepared.run(new float[4], new float[4]);
    assertEquals(1, backend.executions.get());
    assertEquals(4, backend.tensors.size(), "two for the arrays, which are kept");
    prepared.run(new float[4], new float[4]);
    assertEquals(4, backend.tensors.size());
    prepared.close();
    assertEquals(0, backend.executions.get());
    assertEquals(
        List.of("tensor " + SPEC, "tensor " + SPEC, "reference-POINTWISE"), backend.released);
  }

  @Test
  void layoutsMayDiffer() {
    try (Prepared mixed = backend.prepare(Problem.of(CONV, SPEC, Layout.NHWC), WEIGHTS);
        Tensor nhwc = backend.allocate(mixed.problem().destination())) {
      source.write(new float[] {1, 2, 3, 4});
      mixed.run(source, nhwc);
      assertArrayEquals(new float[] {31, 3100, 42, 4200}, nhwc.read());
    }
  }
}
