package org.sepconv.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;

@Timeout(60)
class InferenceSessionTest {
  private static final Shape USUAL = Shape.of(2, 8, 8);
  private static final int NODES = 2;

  /** Two nodes and a value between them, of any batch, height and width. */
  private static final Graph GRAPH =
      Graph.builder("any size")
          .input("x", USUAL)
          .add("doubled", Conv2d.depthwise(2).build())
          .add("sum", Binary.multiply(), "doubled", "x")
          .build();

  private static final GraphWeights WEIGHTS =
      new GraphWeights(Map.of("doubled", ConvWeights.of(new float[] {2, 2})));

  private final CountingBackend backend = new CountingBackend();

  @AfterEach
  void everythingWasGivenBack() {
    assertEquals(0, backend.open.get(), "open plans");
    assertEquals(0, backend.bytes.get(), "bytes of tensors");
    backend.close();
  }

  private static List<Shape> size(int height, int width) {
    return List.of(Shape.of(2, height, width));
  }

  private static void runs(InferenceSession session, List<Shape> shapes) {
    float[] input = new float[shapes.getFirst().elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = i % 7;
    }
    InferenceSession.Output output = session.run(shapes, input).getFirst();
    assertEquals("sum", output.name());
    assertEquals(shapes.getFirst(), output.spec().shape());
    for (int i = 0; i < input.length; i++) {
      assertEquals(2 * input[i] * input[i], output.values()[i]);
    }
  }

  @Test
  void aWalkThroughFiftySizesKeepsAFewOfThem() {
    int most = 4;
    long largest = 0;
    try (InferenceSession session =
        new InferenceSession(backend, Model.of(GRAPH, WEIGHTS), Layout.NCHW, most)) {
      for (int i = 0; i < 50; i++) {
        int height = 1 + i % 25;
        List<Shape> shapes = List.of(new Shape(1 + i / 25, 2, height, 30 - height));
        runs(session, shapes);
        runs(session, shapes);
        // The input, the output, and what lies between.
        largest = Math.max(largest, 3L * shapes.getFirst().elements() * Float.BYTES);
        assertTrue(backend.open.get() <= most * NODES, "plans that are open");
        assertTrue(backend.bytes.get() <= most * largest, "bytes that are held");
      }
      assertEquals(most, session.prepared().size());
    }
    assertEquals(NODES, backend.fromScratch.get(), "the others share kernels and weights");
    assertEquals(49 * NODES, backend.adapted.get());
  }

  @Test
  void thoseUsedLastAreKept() {
    try (InferenceSession session =
        new InferenceSession(backend, Model.of(GRAPH, WEIGHTS), Layout.NHWC, 2)) {
      session.run(size(1, 1), new float[2]);
      session.run(size(1, 2), new float[4]);
      session.run(size(1, 1), new float[2]);
      session.run(size(1, 3), new float[6]);
      assertEquals(List.of(size(1, 1), size(1, 3)), session.prepared());
      assertEquals(Layout.NHWC, session.with(size(1, 1), plan -> plan.problem().source().layout()));
    }
  }

  @Test
  void twoWhoAskForANewSizePrepareItOnce() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    backend.onPrepare =
        () -> {
          begun.countDown();
          await(mayEnd);
        };
    try (ExecutorService executor = Executors.newCachedThreadPool();
        InferenceSession session = new InferenceSession(backend, Model.of(GRAPH, WEIGHTS))) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        callers.add(executor.submit(() -> runs(session, size(3, 5))));
      }
      await(begun);
      assertEquals(List.of(size(3, 5)), session.prepared());
      mayEnd.countDown();
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertEquals(NODES, backend.fromScratch.get());
    }
  }

  @Test
  void manyThreadsWalkAtOnce() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(8);
        InferenceSession session =
            new InferenceSession(backend, Model.of(GRAPH, WEIGHTS), Layout.NCHW, 2)) {
      List<Future<?>> callers = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        int height = 1 + i * 7 % 11;
        callers.add(executor.submit(() -> runs(session, size(height, 4))));
      }
      for (Future<?> caller : callers) {
        caller.get();
      }
      assertEquals(2 * NODES, backend.open.get());
    }
  }

  @Test
  void anEvictedPlanStaysUntilItsLastRunEnds() {
    try (InferenceSession session =
        new InferenceSession(backend, Model.of(GRAPH, WEIGHTS), Layout.NCHW, 1)) {
      session.with(
          size(2, 2),
          plan -> {
            runs(session, size(2, 3)); // in its place
            assertEquals(List.of(size(2, 3)), session.prepared());
            assertEquals(2 * NODES, backend.open.get());
            return backend.convolve(plan.problem(), WEIGHTS, new float[8]);
          });
      assertEquals(NODES, backend.open.get());
    }
  }

  @Test
  void closingWaitsForRunsAndRefusesMore() throws Exception {
    InferenceSession session = new InferenceSession(backend, Model.of(GRAPH, WEIGHTS));
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    backend.onRun =
        () -> {
          begun.countDown();
          await(mayEnd);
        };
    try (ExecutorService executor = Executors.newCachedThreadPool()) {
      Future<?> run = executor.submit(() -> runs(session, size(2, 2)));
      await(begun);
      Future<?> closing = executor.submit(session::close);
      while (!session.prepared().isEmpty()) {
        Thread.onSpinWait();
      }
      Expect.failure(
          IllegalStateException.class,
          () -> session.run(size(2, 2), new float[8]),
          "inference session is closed");
      assertFalse(closing.isDone());
      assertEquals(NODES, backend.open.get());
      mayEnd.countDown();
      run.get();
      closing.get();
    }
    assertEquals(0, backend.open.get());
    session.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  @Test
  void whatCannotBePreparedIsTriedAgain() {
    try (InferenceSession session = new InferenceSession(backend, Model.of(GRAPH, WEIGHTS))) {
      backend.onPrepare =
          () -> {
            throw new IllegalStateException("no luck");
          };
      Expect.failure(
          IllegalStateException.class, () -> session.run(size(2, 2), new float[8]), "no luck");
      assertEquals(List.of(), session.prepared());
      backend.onPrepare =
          () -> {
            throw new StackOverflowError("deep");
          };
      assertThrows(StackOverflowError.class, () -> session.run(size(2, 2), new float[8]));
      backend.onPrepare = () -> {};
      runs(session, size(2, 2));
    }
  }

  @Test
  void wrongInputsAreRefused() {
    try (InferenceSession session = new InferenceSession(backend, Model.of(GRAPH, WEIGHTS))) {
      Expect.refused(() -> session.run(size(2, 2)), "0 inputs were given for 1 shapes");
      Expect.refused(() -> session.run(size(2, 2), new float[7]), "input 0 has 7 values");
      Expect.refused(() -> session.run(List.of(Shape.of(3, 1, 1)), new float[3]), "3 channels");
      Expect.refused(
          () -> session.run(List.of(USUAL, USUAL), new float[128], new float[128]),
          "takes 1 inputs, not 2");
      assertEquals(List.of(), session.prepared());
    }
    Expect.refused(
        () -> new InferenceSession(backend, Model.of(GRAPH, WEIGHTS), Layout.NCHW, 0),
        "0 prepared sizes");
  }

  /** A graph that knows its size, as one of ONNX whose shapes are computed. */
  @Test
  void aModelMayGiveAnotherGraphForEachSize() {
    ConvWeights filter = ConvWeights.of(new float[] {2, 2});
    List<Program> given = new ArrayList<>();
    Model model =
        shapes -> {
          boolean wide = shapes.getFirst().w() > 4;
          Graph graph =
              Graph.builder("computed")
                  .input("x", shapes.getFirst())
                  .add("doubled", Conv2d.depthwise(2).build())
                  .add("sum", new Activate(wide ? Activation.RELU : Activation.NONE))
                  .build();
          given.add(new Program(graph, new GraphWeights(Map.of("doubled", filter))));
          return given.getLast();
        };
    try (InferenceSession session = new InferenceSession(backend, model)) {
      float[] input = {-1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
      assertEquals(-2, session.run(List.of(Shape.of(2, 5, 1)), input).getFirst().values()[0]);
      assertEquals(0, session.run(List.of(Shape.of(2, 1, 5)), input).getFirst().values()[0]);
      session.run(List.of(Shape.of(2, 1, 5)), input);
      assertEquals(2, given.size(), "once for each size");
    }
  }

  /** Weights that passes compute are shared by graphs that are not the same. */
  @Test
  void foldedWeightsAreTheSameObject() {
    Conv2d conv = Conv2d.depthwise(2).build();
    ConvWeights filter = ConvWeights.of(new float[] {2, 2});
    BatchNorm norm = (BatchNorm) Weights.random(new BatchNormalization(2), 1);
    BatchNorm other = (BatchNorm) Weights.random(new BatchNormalization(2), 2);
    ConvWeights folded = norm.fold(conv, filter).weights();
    assertSame(folded, norm.fold(conv, filter).weights());
    assertNotSame(folded, other.fold(conv, filter).weights());
    assertArrayEquals(
        other.fold(conv, ConvWeights.of(new float[] {2, 2})).weights().filter(),
        other.fold(conv, filter).weights().filter());
  }
}
