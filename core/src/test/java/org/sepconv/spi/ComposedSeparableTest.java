package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Layout;
import org.sepconv.Problem;
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
  private static final Problem PROBLEM = Problem.of(SEPARABLE, SPEC);
  private static final float[] INPUT = {1, 2, 3, 4};
  private static final float[] OUTPUT = {43021};
  private final FakeBackend backend = new FakeBackend("fake");

  @Test
  void isOneConvolutionAfterTheOther() {
    Problem problem = Problem.of(SEPARABLE, SPEC, Layout.NHWC);
    try (Prepared prepared = backend.prepare(problem, WEIGHTS)) {
      assertEquals("reference-DEPTHWISE + reference-POINTWISE", prepared.kernel());
      assertEquals(problem, prepared.problem());
      assertArrayEquals(OUTPUT, run(prepared));
    }
  }

  @Test
  void theSecondStageAddsTheResidual() {
    SeparableConv2d adding =
        new SeparableConv2d(SEPARABLE.depthwise(), SEPARABLE.pointwise().withResidual(true));
    try (Prepared prepared = backend.prepare(Problem.of(adding, SPEC), WEIGHTS);
        Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(prepared.problem().destination())) {
      source.write(INPUT);
      destination.write(new float[] {0.5f});
      prepared.run(source, destination, destination);
      assertArrayEquals(new float[] {OUTPUT[0] + 0.5f}, destination.read());
    }
  }

  @Test
  void explainsWhyItIsNotFusedAndWhatRunsInstead() {
    try (Prepared prepared = backend.prepare(PROBLEM, WEIGHTS)) {
      assertEquals(
          List.of(
              "fused: no, it fuses nothing",
              "reference-DEPTHWISE: yes, the backend's only kernel for it",
              "reference-POINTWISE: yes, the backend's only kernel for it"),
          prepared.explain().stream().map(KernelCandidate::toString).toList());
    }
  }

  @Test
  void bothStagesMustBeSupported() {
    SeparableConv2d adding =
        new SeparableConv2d(SEPARABLE.depthwise(), SEPARABLE.pointwise().withResidual(true));
    backend.addsResiduals = false; // which the second stage would have to
    assertEquals(Support.YES, backend.supports(PROBLEM));
    assertEquals(new Support.No("it adds no residual"), backend.supports(Problem.of(adding, SPEC)));
    Expect.failure(
        BackendException.class,
        () -> backend.prepare(Problem.of(adding, SPEC), WEIGHTS),
        adding.toString(),
        "it adds no residual");
    backend.support = new Support.No("no convolution at all");
    assertEquals(new Support.No("no convolution at all"), backend.supports(PROBLEM));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherSizeIsThatOfBothStages(boolean adapts) {
    backend.adapts = adapts;
    TensorSpec wide = TensorSpec.nchw(Shape.of(2, 1, 3));
    Prepared prepared = backend.prepare(Problem.of(SEPARABLE, SPEC, Layout.NHWC), WEIGHTS);
    Prepared wider = prepared.withSource(wide);
    assertEquals(Problem.of(SEPARABLE, wide, Layout.NHWC), wider.problem());
    assertEquals(adapts ? 2 : 4, backend.prepared());
    assertEquals(prepared.explain(), wider.explain());
    prepared.close();
    float[] output = new float[2];
    wider.run(new float[] {1, 2, 5, 3, 4, 6}, output);
    // 2 + 50 and 400 + 6000, then 52 + 64000
    assertArrayEquals(new float[] {OUTPUT[0], 64052}, output);
    wider.close();
    assertEquals(0, backend.executions.get());
    assertEquals(backend.tensors.size() + 4, backend.released.size());
  }

  @Test
  void anotherSizeThatFailsLeavesNothing() {
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
    backend.prepareFailure = new BackendException("fake", "no kernel");
    backend.failingPrepare = 3;
    Expect.failure(
        BackendException.class,
        () -> prepared.withSource(TensorSpec.nchw(Shape.of(2, 1, 3))),
        "no kernel");
    assertEquals(List.of("reference-DEPTHWISE"), backend.released);
    assertArrayEquals(OUTPUT, run(prepared));
  }

  @Test
  void aTensorBetweenThatDoesNotFitLeavesNothing() {
    backend.allocateFailure = Optional.of(new BackendException("fake", "out of memory"));
    Expect.failure(
        BackendException.class, () -> backend.prepare(PROBLEM, WEIGHTS), "out of memory");
    assertEquals(0, backend.executions.get());
    assertEquals(List.of("reference-POINTWISE", "reference-DEPTHWISE"), backend.released);
  }

  @Test
  void aSecondStageThatCannotRunLeavesNothing() {
    backend.failingExecution = 1;
    Expect.failure(BackendException.class, () -> backend.prepare(PROBLEM, WEIGHTS), "no queue");
    assertEquals(0, backend.executions.get());
    assertEquals(List.of("reference-POINTWISE", "reference-DEPTHWISE"), backend.released);
  }

  @Test
  void theDevicesTimeIsThatOfBothStages() {
    try (Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
        Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(PROBLEM.destination());
        Run run = prepared.bind(List.of(source), List.of(destination))) {
      run.run();
      // The first stage was the first run of the backend, the second its second.
      assertEquals(Duration.ofNanos(1000 + 2000), run.deviceTime());
    }
  }

  @Test
  void aStartedRunComputesAtItsEnd() {
    backend.queues = true;
    try (Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
        Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(PROBLEM.destination());
        Run run = prepared.bind(List.of(source), List.of(destination))) {
      source.write(INPUT);
      run.start();
      assertEquals(1, backend.runs(), "the second stage waits for the first");
      run.await();
      assertEquals(2, backend.runs());
      assertArrayEquals(OUTPUT, destination.read());
    }
  }

  @Test
  void closesItsStagesAndTheTensorsBetween() {
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
    run(prepared);
    run(prepared);
    backend.released.clear();
    prepared.close();
    prepared.close();
    assertEquals(
        List.of("tensor NCHW 1x2x1x1", "reference-POINTWISE", "reference-DEPTHWISE"),
        backend.released);
    backend.close();
  }

  @Test
  void aStageThatFailsToCloseDoesNotKeepTheRestOpen() {
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
    run(prepared);
    backend.released.clear();
    backend.releaseFails = true;
    BackendException failure = assertThrows(BackendException.class, prepared::close);
    assertEquals("fake: lost", failure.getMessage());
    assertEquals(3, backend.released.size());
  }

  @Test
  void runsAtTheSameTimeHaveTheirOwnTensors() throws Exception {
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
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
    assertSame(failure, assertThrows(Throwable.class, () -> backend.prepare(PROBLEM, WEIGHTS)));
    assertEquals(List.of("reference-DEPTHWISE"), backend.released);
    backend.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"prepared", "source", "destination", "backend"})
  void aRunUnderWayEndsWhateverIsClosed(String closed) throws Exception {
    Prepared prepared = backend.prepare(PROBLEM, WEIGHTS);
    Tensor source = backend.allocate(SPEC);
    Tensor destination = backend.allocate(prepared.problem().destination());
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

  private float[] run(Prepared prepared) {
    return run(prepared, INPUT);
  }

  private float[] run(Prepared prepared, float[] input) {
    try (Tensor source = backend.allocate(SPEC);
        Tensor destination = backend.allocate(prepared.problem().destination())) {
      source.write(input);
      prepared.run(source, destination);
      return destination.read();
    }
  }
}
