package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.Weights;
import org.sepconv.session.InferenceSession;
import org.sepconv.session.InferenceStream;
import org.sepconv.session.Model;
import org.sepconv.session.StreamingNetwork;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;

/** Parts of a sequence, of whatever lengths, give the bits of the whole. */
class StreamingTest {
  private static final int WIDTH = 48;

  private static Conv2d.Builder causal(Conv2d.Builder conv, int kernel, int dilation) {
    return conv.kernel(1, kernel)
        .dilation(1, dilation)
        .padding(Padding.of(0, (kernel - 1) * dilation, 0, 0));
  }

  private static void normalised(Graph.Builder graph, String name, Conv2d conv) {
    graph
        .add(name, conv)
        .add(name + ".norm", new BatchNormalization(conv.outChannels()))
        .add(name + ".relu", new Activate(Activation.RELU));
  }

  /** What spots keywords: separable convolutions of growing dilation, with residuals. */
  private static Graph residual(int channels) {
    Graph.Builder graph = Graph.builder("residual").input("x", Shape.of(10, 1, WIDTH));
    normalised(graph, "first", causal(Conv2d.of(10, channels), 5, 1).bias().build());
    for (int block = 0; block < 3; block++) {
      String name = "block" + block;
      String input = graph.last();
      normalised(
          graph, name + ".depthwise", causal(Conv2d.depthwise(channels), 3, 1 << block).build());
      graph
          .add(name + ".pointwise", Conv2d.pointwise(channels, channels).bias().build())
          .add(name + ".norm", new BatchNormalization(channels))
          .add(name + ".sum", Binary.add(), input, name + ".norm")
          .add(name + ".active", new Activate(Activation.RELU));
    }
    return graph
        .add("classes", Conv2d.pointwise(channels, 7).bias().build())
        .add("shares", new Softmax(Axis.CHANNEL))
        .build();
  }

  /**
   * Strides, of which the columns in between wait; pools; a window that is shorter than a stride.
   */
  private static Graph strided() {
    Graph.Builder graph = Graph.builder("strided").input("x", Shape.of(3, 4, WIDTH));
    normalised(
        graph,
        "first",
        Conv2d.of(3, 24).kernel(3, 4).stride(2).padding(Padding.of(1, 3, 1, 0)).build());
    graph.add("max", new Pool2d(Pool2d.Function.MAX, 2, 3, 2, 1, Padding.of(0, 2, 0, 0), false));
    normalised(graph, "second", causal(Conv2d.depthwise(24), 3, 2).stride(1, 3).build());
    graph
        .add("third", Conv2d.pointwise(24, 40).bias().activation(Activation.SILU).build())
        .add("shorter", Conv2d.depthwise(40).kernel(1, 1).stride(1, 2).build());
    return graph.build();
  }

  /** Without padding, and the other branch without the columns that this one needs first. */
  private static Graph cropped() {
    return Graph.builder("cropped")
        .input("x", Shape.of(8, 1, WIDTH))
        .add("padded", Pad.zeros(new Padding.Explicit(0, 2, 0, 0)))
        .add("bare", Conv2d.of(8, 8).kernel(1, 5).bias().relu().build())
        .add("later", Slice.of(Axis.WIDTH, 4, Slice.TO_END), "padded")
        .add("both", new Concat(Axis.CHANNEL, 2), "bare", "later")
        .add("every", new Slice(Axis.WIDTH, 1, Slice.TO_END, 2))
        .add("rounded", Quantize.steps(0.05f, 0, -128, 127))
        .add("separable", SeparableConv2d.of(16, 12).kernel(1, 3).bias().build())
        .build();
  }

  /** Branches of which one has its columns earlier: the sum waits. */
  private static Graph waiting() {
    return Graph.builder("waiting")
        .input("x", Shape.of(6, 1, WIDTH))
        .add("pairs", Conv2d.of(6, 6).kernel(1, 2).stride(1, 2).build())
        .add("early", Conv2d.pointwise(6, 6).stride(1, 2).build(), "x")
        .add("sum", Binary.add(), "pairs", "early")
        .add("gate", new Activate(Activation.SIGMOID))
        .add("product", Binary.multiply(), "gate", "early")
        .build();
  }

  static Stream<Graph> graphs() {
    return Stream.of(residual(16), residual(37), residual(300), strided(), cropped(), waiting());
  }

  private static ConvBackend open(String kernels, int threads) {
    VectorModule.assumeFor(kernels);
    CpuBackendProvider provider = new CpuBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    return provider.open(
        device, new BackendOptions(threads, Duration.ZERO, Map.of("cpu.kernels", kernels)));
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static Shape usual(Graph graph) {
    return graph.inputs().getFirst().shape();
  }

  private static float[] whole(ConvBackend backend, Graph graph, GraphWeights weights, float[] x) {
    Shape shape = usual(graph);
    int width = x.length / (shape.c() * shape.h());
    try (InferenceSession session = new InferenceSession(backend, Model.of(graph, weights))) {
      return session.run(List.of(Axis.WIDTH.with(shape, width)), x).getFirst().values();
    }
  }

  /** Random parts of a sequence; the parts of output side by side. */
  private static float[] inParts(
      InferenceStream stream, Shape shape, int rowsOut, float[] x, SplittableRandom random) {
    int rows = shape.c() * shape.h();
    int width = x.length / rows;
    List<float[]> parts = new ArrayList<>();
    int most = 1 + random.nextInt(40);
    for (int done = 0; done < width; ) {
      int columns = Math.min(width - done, random.nextInt(most + 1));
      float[] part = new float[rows * columns];
      for (int row = 0; row < rows; row++) {
        System.arraycopy(x, row * width + done, part, row * columns, columns);
      }
      parts.add(stream.push(part));
      done += columns;
    }
    int widthOut = parts.stream().mapToInt(part -> part.length).sum() / rowsOut;
    float[] all = new float[rowsOut * widthOut];
    int done = 0;
    for (float[] part : parts) {
      int columns = part.length / rowsOut;
      for (int row = 0; row < rowsOut; row++) {
        System.arraycopy(part, row * columns, all, row * widthOut + done, columns);
      }
      done += columns;
    }
    return all;
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void anyPartsGiveTheBitsOfTheWhole(Graph graph) {
    for (String kernels : new String[] {"vector", "scalar"}) {
      GraphWeights weights = (GraphWeights) Weights.random(graph, 3);
      try (ConvBackend backend = open(kernels, 2);
          StreamingNetwork network = StreamingNetwork.of(backend, graph, weights)) {
        InferenceStream stream = network.open();
        SplittableRandom random = new SplittableRandom(11);
        Shape shape = usual(graph);
        // The branches of that one are as long for even widths only.
        int multiple = graph.name().equals("waiting") ? 2 : 1;
        for (int i = 0; i < 12; i++) {
          int width = (20 + random.nextInt(130)) / multiple * multiple;
          float[] x = values(random, shape.c() * shape.h() * width);
          float[] expected = whole(backend, graph, weights, x);
          float[] actual = inParts(stream, shape, network.outputShape(1).elements(), x, random);
          assertArrayEquals(bits(expected), bits(actual), graph + ", " + kernels + ", " + width);
          stream.reset();
        }
        assertTrue(network.prepared() <= 32, "prepared: " + network.prepared());
      }
    }
  }

  @Test
  void streamsOfOneNetworkAreApart() throws Exception {
    Graph graph = residual(24);
    GraphWeights weights = (GraphWeights) Weights.random(graph, 5);
    try (ConvBackend backend = open("vector", 1);
        StreamingNetwork network =
            StreamingNetwork.of(
                backend,
                Model.of(graph, weights),
                usual(graph),
                new StreamingNetwork.Options(16, 3));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        SplittableRandom random = new SplittableRandom(i);
        all.add(
            threads.submit(
                () -> {
                  float[] x = values(random, 10 * 150);
                  float[] expected = whole(backend, graph, weights, x);
                  float[] actual = inParts(network.open(), usual(graph), 7, x, random);
                  assertArrayEquals(bits(expected), bits(actual));
                }));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertTrue(network.prepared() <= 3, "prepared: " + network.prepared());
    }
  }

  @Test
  void columnsComeAsSoonAsTheyAreKnown() {
    Graph graph = strided();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 5);
    try (ConvBackend backend = open("scalar", 1);
        StreamingNetwork network = StreamingNetwork.of(backend, graph, weights)) {
      InferenceStream stream = network.open();
      List<Integer> columns = new ArrayList<>();
      for (int i = 0; i < 14; i++) {
        columns.add(stream.push(new float[12]).length / network.outputShape(1).elements());
      }
      assertEquals(List.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0), columns);
    }
  }
}
