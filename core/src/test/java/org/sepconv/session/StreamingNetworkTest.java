package org.sepconv.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Expect;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.Transpose;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;

/** Sequences that come part by part: what a stream carries, gives and refuses. */
class StreamingNetworkTest {
  private static final Shape USUAL = Shape.of(2, 1, 16);

  /** The sum of the last three columns of each channel. */
  private static final Graph SUMS =
      Graph.builder("sums")
          .input("x", USUAL)
          .add("sum", Conv2d.depthwise(2).kernel(1, 3).padding(Padding.of(0, 2, 0, 0)).build())
          .add("more", Binary.add(), "sum", "x")
          .build();

  private static final GraphWeights WEIGHTS =
      new GraphWeights(Map.of("sum", ConvWeights.of(new float[] {1, 1, 1, 10, 10, 10})));

  private final CountingBackend backend = new CountingBackend();

  @AfterEach
  void everythingWasGivenBack() {
    assertEquals(0, backend.open.get(), "open plans");
    assertEquals(0, backend.bytes.get(), "bytes of tensors");
    backend.close();
  }

  @Test
  void partsGiveWhatTheWholeGives() {
    try (StreamingNetwork network = StreamingNetwork.of(backend, SUMS, WEIGHTS)) {
      InferenceStream stream = network.open();
      assertEquals(2 * 2 * Float.BYTES, stream.stateBytes(), "two columns of two channels");
      assertArrayEquals(new float[] {2, 20 + 2}, stream.push(new float[] {1, 2}));
      assertArrayEquals(new float[0], stream.push(new float[0]));
      assertArrayEquals(
          new float[] {1 + 2 + 2, 1 + 2 + 3 + 3, 0 + 20, 0 + 20},
          stream.push(new float[] {2, 3, 0, 0}));
      assertArrayEquals(new float[] {2 + 3 + 4 + 4, 1 + 10}, stream.push(new float[] {4, 1}));
      assertEquals(2 * 2 * Float.BYTES, stream.stateBytes());
      stream.reset();
      assertArrayEquals(new float[] {2, 20 + 2}, stream.push(new float[] {1, 2}));
      assertEquals(new Shape(1, 2, 1, 5), network.inputShape(5));
      assertEquals(new Shape(1, 2, 1, 5), network.outputShape(5));
    }
  }

  @Test
  void piecesArePowersOfTwoAndNotMoreThanAreKept() {
    StreamingNetwork.Options few = new StreamingNetwork.Options(8, 2);
    try (StreamingNetwork network =
        StreamingNetwork.of(backend, Model.of(SUMS, WEIGHTS), USUAL, few)) {
      InferenceStream stream = network.open();
      for (int columns = 0; columns < 30; columns++) {
        assertEquals(2 * columns, stream.push(new float[2 * columns]).length);
      }
      assertEquals(2, network.prepared());
    }
  }

  @Test
  void whatIsNoPartOfASequenceIsRefused() {
    StreamingNetwork network = StreamingNetwork.of(backend, SUMS, WEIGHTS);
    InferenceStream stream = network.open();
    Expect.refused(() -> stream.push(new float[3]), "3 values", "columns of 2");
    network.close();
    assertThrows(IllegalStateException.class, () -> stream.push(new float[2]));
    Expect.refused(() -> new StreamingNetwork.Options(12, 1), "12", "power of two");
    Expect.refused(() -> new StreamingNetwork.Options(16, 0), "0 prepared");
  }

  @Test
  void anotherNetworkForEachWidthIsRefused() {
    Model changing =
        shapes -> {
          int width = shapes.getFirst().w();
          Graph graph =
              Graph.builder("changing")
                  .input("x", shapes.getFirst())
                  .add("part", Slice.of(Axis.WIDTH, 0, width - 1))
                  .build();
          return new Program(graph, new GraphWeights(Map.of()));
        };
    Expect.refused(
        () -> StreamingNetwork.of(backend, changing, USUAL, StreamingNetwork.Options.usual()),
        "node part",
        "width of 16 than for 32");
  }

  static Stream<Arguments> notCausal() {
    Padding.Explicit right = new Padding.Explicit(0, 1, 0, 1);
    return Stream.of(
        Arguments.of(Reduce.globalAveragePool(), "all columns"),
        Arguments.of(new Reduce(Reduce.Function.MAX, Set.of(Axis.WIDTH)), "all columns"),
        Arguments.of(new Softmax(Axis.WIDTH), "all columns"),
        Arguments.of(
            new Transpose(List.of(Axis.BATCH, Axis.WIDTH, Axis.HEIGHT, Axis.CHANNEL)),
            "moves the width"),
        Arguments.of(Reshape.flatten(), "moves the width"),
        Arguments.of(ResizeNearest.by(2), "change the width"),
        Arguments.of(
            Conv2d.depthwise(2).kernel(1, 3).padding(right).build(), "1 columns on the right"),
        Arguments.of(Conv2d.depthwise(2).kernel(1, 3).same().build(), "padding 'same'"),
        Arguments.of(Pool2d.max(1, 1, Padding.valid()), ""),
        Arguments.of(
            new Pool2d(Pool2d.Function.AVERAGE, 1, 3, 1, 1, Padding.of(0, 2, 0, 0), false),
            "fewer columns"),
        Arguments.of(new Pad(right, Pad.Mode.CONSTANT, 0), "on the right"),
        Arguments.of(new Pad(new Padding.Explicit(0, 1, 0, 0), Pad.Mode.REFLECT, 0), "mirrors"),
        Arguments.of(new Gather(Axis.WIDTH, List.of(0)), "along the width"),
        Arguments.of(Slice.of(Axis.WIDTH, 0, 3), "ends at a column"));
  }

  @ParameterizedTest
  @MethodSource
  void notCausal(Operation operation, String reason) {
    Graph graph = Graph.builder("g").input("x", USUAL).add("culprit", operation).build();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    if (reason.isEmpty()) {
      StreamingNetwork.of(backend, graph, weights).close();
    } else {
      Expect.refused(() -> StreamingNetwork.of(backend, graph, weights), "node culprit", reason);
    }
  }

  @Test
  void inputsThatDoNotGoTogetherAreRefused() {
    Graph joined =
        Graph.builder("g")
            .input("x", USUAL)
            .add("culprit", new Concat(Axis.WIDTH, 2), "x", "x")
            .build();
    refused(joined, "node culprit", "joins along the width");
    Graph product =
        Graph.builder("g")
            .input("x", new Shape(1, 1, 16, 16))
            .constant("m", new Shape(1, 1, 16, 4))
            .add("culprit", new MatrixProduct(), "x", "m")
            .build();
    refused(product, "width of 32", "culprit: a matrix product");
    Graph constant =
        Graph.builder("g")
            .input("x", USUAL)
            .constant("k", USUAL)
            .add("culprit", Binary.add(), "x", "k")
            .build();
    refused(constant, "width of 32", "culprit: add");
    Graph two =
        Graph.builder("g")
            .input("x", USUAL)
            .input("y", USUAL)
            .add("z", Binary.add(), "x", "y")
            .build();
    refused(two, "2 inputs and 1 outputs");
  }

  private void refused(Graph graph, String... parts) {
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    Expect.refused(() -> StreamingNetwork.of(backend, graph, weights), parts);
  }
}
