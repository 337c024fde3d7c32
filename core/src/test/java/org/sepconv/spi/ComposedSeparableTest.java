package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

@Timeout(60)
class ComposedSeparableTest {
  private static final SeparableConv2d SEPARABLE = SeparableConv2d.of(2, 1).kernel(1, 2).build();
  private static final SeparableWeights WEIGHTS =
      new SeparableWeights(
          ConvWeights.of(new float[] {1, 10, 100, 1000}), ConvWeights.of(new float[] {1, 10}));
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(2, 1, 2));
  private static final float[] INPUT = {1, 2, 3, 4};
  private static final float[] OUTPUT = {43021};
  private final FakeBackend backend = new FakeBackend("fake");

  @Test
  void isOneConvolutionAfterTheOther() {
    try (PreparedConvolution prepared = backend.prepare(SEPARABLE, WEIGHTS, SPEC, Layout.NHWC)) {
      assertEquals("reference-DEPTHWISE + reference-POINTWISE", prepared.kernel());
      assertEquals(SEPARABLE, prepared.convolution());
      assertEquals(SPEC, prepared.source());
      assertEquals(TensorSpec.nhwc(Shape.of(1, 1, 1)), prepared.destination());
      assertArrayEquals(OUTPUT, run(prepared));
    }
  }

  @Test
  void theSecondStageAddsTheResidual() {
    SeparableConv2d adding =
        new SeparableConv2d(SEPARABLE.depthwise(), SEPARABLE.pointwise().withResidual(true));
    try (PreparedConvolution prepared = backend.prepare(adding, WEIGHTS, SPEC);
        Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(prepared.destination())) {
      source.write(INPUT);
      destination.write(new float[] {0.5f});
      prepared.run(source, destination, destination);
      assertArrayEquals(new float[] {OUTPUT[0] + 0.5f}, destination.read());
    }
  }

  @Test
  void closesItsStagesAndTheTensorsBetween() {
    PreparedConvolution prepared = backend.prepare(SEPARABLE, WEIGHTS, SPEC);
    run(prepared);
    run(prepared);
    backend.released.clear();
    prepared.close();
    prepared.close();
    assertEquals(
        List.of("tensor NCHW 1x2x1x1", "reference-DEPTHWISE", "reference-POINTWISE"),
        backend.released);
    backend.close();
  }

  @Test
  void aStageThatFailsToCloseDoesNotKeepTheRestOpen() {
    PreparedConvolution prepared = backend.prepare(SEPARABLE, WEIGHTS, SPEC);
    run(prepared);
    backend.released.clear();
    backend.releaseFails = true;
    BackendException failure = assertThrows(BackendException.class, prepared::close);
    assertEquals("fake: lost", failure.getMessage());
    assertEquals(3, backend.released.size());
  }

  @Test
  void runsAtTheSameTimeHaveTheirOwnTensors() throws Exception {
    PreparedConvolution prepared = backend.prepare(SEPARABLE, WEIGHTS, SPEC);
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        float x = i;
        runs.add(
            executor.submit(
                () -> {
                  float[] same = new float[4];
                  Arrays.fill(same, x);
                  assertArrayEquals(new float[] {11011 * x}, run(prepared, same));
                }));
      }
      for (Future<?> run : runs) {
        run.get();
      }
    }
    backend.released.clear();
    prepared.close();
    long between =
        backend.tensors.stream().filter(tensor -> tensor.spec().shape().elements() == 2).count();
    assertTrue(between <= 4, between + " tensors between the stages of 4 threads");
    assertEquals(2 + between, backend.released.size());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theFirstStageIsClosedWhereTheSecondFails(boolean error) {
    Throwable failure =
        error ? new OutOfMemoryError("no memory") : new BackendException("fake", "no kernel");
    backend.prepareFailure = failure;
    backend.failingPrepare = 1;
    assertSame(
        failure, assertThrows(Throwable.class, () -> backend.prepare(SEPARABLE, WEIGHTS, SPEC)));
    assertEquals(List.of("reference-DEPTHWISE"), backend.released);
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepared", "source", "destination", "backend"})
  void aRunUnderWayEndsWhateverIsClosed(String closed) throws Exception {
    PreparedConvolution prepared = backend.prepare(SEPARABLE, WEIGHTS, SPEC);
    Tensor source = backend.allocate(SPEC);
    Tensor destination = backend.allocate(prepared.destination());
    source.write(INPUT);
    FakeBackend.Pause pause = new FakeBackend.Pause();
    backend.pause = pause;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread run =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((_, thrown) -> failure.set(thrown))
            .start(() -> prepared.run(source, destination));
    pause.begun.await(); // in the depthwise stage
    Runnable closing =
        switch (closed) {
          case "prepared" -> prepared::close;
          case "source" -> source::close;
          case "destination" -> destination::close;
          default -> backend::close;
        };
    Thread closer = Thread.ofPlatform().start(closing);
    LifecycleTest.awaitWaiting(closer);
    pause.mayEnd.countDown();
    run.join();
    closer.join();
    assertEquals(null, failure.get());
    assertArrayEquals(OUTPUT, ((FakeBackend.HostTensor) destination).values);
  }

  private float[] run(PreparedConvolution prepared) {
    return run(prepared, INPUT);
  }

  private float[] run(PreparedConvolution prepared, float[] input) {
    try (Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(prepared.destination())) {
      source.write(input);
      prepared.run(source, destination);
      return destination.read();
    }
  }
}
