package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
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
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;

/** What is written is read again, and is the same. */
class RoundTripTest {

  static List<String> networks() {
    return Networks.names();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void aNetworkIsTheSame(String name) throws Exception {
    check(Networks.of(name, 64, 0.5), 1e-4);
  }

  private static void check(Graph graph, double tolerance) throws Exception {
    GraphWeights weights = (GraphWeights) Weights.random(graph, 3);
    byte[] bytes = OnnxWriter.toBytes(graph.problem(), weights);
    OnnxModel model = OnnxModel.read(bytes);
    assertEquals(graph.name(), model.name());
    OnnxNetwork network =
        model.network(
            graph.inputs().stream()
                .map(input -> Arrays.stream(Engines.dimensions(input.shape())).boxed().toList())
                .toList());
    List<float[]> inputs = Engines.inputs(network);
    List<float[]> read = Engines.run("cpu", network, inputs);
    OnnxNetwork own = new OnnxNetwork(graph, weights, network.inputs(), network.outputs());
    List<float[]> expected = Engines.run("cpu", own, inputs);
    double difference = Engines.difference(graph.name(), expected, read);
    assertTrue(difference <= tolerance, graph.name() + " " + difference);
    double other = Engines.difference(graph.name(), Engines.runtime(bytes, network, inputs), read);
    assertTrue(other <= 5 * tolerance, graph.name() + " of ONNX Runtime " + other);
  }

  @Test
  void everyOperationIsTheSame() throws Exception {
    check(EVERYTHING, 1e-5);
  }

  @Test
  void graphsInGraphsAreTakenApart() throws Exception {
    Graph inner =
        Graph.builder("inner")
            .input("x", Shape.of(8, 9, 11))
            .constant("factor", Shape.of(8, 1, 1))
            .add("b", SeparableConv2d.of(8, 8).same().bias().relu().build(), "x")
            .add("c", Binary.multiply(), "b", "factor")
            .build();
    check(
        Graph.builder("outer")
            .input("x", Shape.of(8, 9, 11))
            .add("first", inner)
            .add("second", inner)
            .add("sum", Conv2d.pointwise(8, 8).residual().build(), "second", "first")
            .build(),
        1e-5);
  }

  /** One of each operation. */
  static final Graph EVERYTHING =
      Graph.builder("everything")
          .input("x", Shape.of(8, 7, 6))
          .constant("two", Shape.of(1, 1, 1))
          .add("norm", new BatchNormalization(8))
          .add("clamped", new Activate(new Activation.Clamp(-1, 2)))
          .add("same", new Activate(Activation.NONE))
          .add("relu", new Activate(Activation.RELU), "norm")
          .add("relu6", new Activate(Activation.RELU6), "norm")
          .add("leaky", new Activate(new Activation.LeakyRelu(0.1f)), "norm")
          .add("sigmoid", new Activate(Activation.SIGMOID), "norm")
          .add("hard_sigmoid", new Activate(Activation.HARD_SIGMOID), "norm")
          .add("hard_swish", new Activate(Activation.HARD_SWISH), "norm")
          .add("gelu", new Activate(Activation.GELU), "norm")
          .add("tanh", new Activate(Activation.TANH), "norm")
          .add("silu", new Activate(Activation.SILU), "same")
          .add("less", new Binary(Binary.Function.SUBTRACT), "silu", "two")
          .add("square", Binary.multiply(), "less", "less")
          .add("root", new SquareRoot())
          .add("power", new Binary(Binary.Function.POWER), "root", "square")
          .add("ratio", new Binary(Binary.Function.DIVIDE), "less", "power")
          .add("max", Pool2d.max(3, 1, Padding.of(1)), "silu")
          .add("average", Pool2d.average(3, 1, Padding.of(1)), "silu")
          .add(
              "padded",
              new Pool2d(Pool2d.Function.AVERAGE, 3, 3, 1, 1, Padding.of(1), true),
              "silu")
          .add("all", new Concat(Axis.CHANNEL, 4), "max", "average", "padded", "ratio")
          .add("shuffled", Gather.channelShuffle(32, 4))
          .add("part", new Slice(Axis.CHANNEL, 1, 32, 2))
          .add("reflected", new Pad(new Padding.Explicit(1, 2, 0, 1), Pad.Mode.REFLECT, 0))
          .add("bordered", new Pad(new Padding.Explicit(0, 1, 1, 0), Pad.Mode.CONSTANT, 0.5f))
          .add("turned", new Transpose(List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL)))
          .add("back", new Transpose(List.of(Axis.BATCH, Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT)))
          .add("mean", new Reduce(Reduce.Function.MEAN, Set.of(Axis.CHANNEL)), "turned")
          .add("sum", new Reduce(Reduce.Function.SUM, Set.of(Axis.WIDTH)), "mean")
          .add("most", new Reduce(Reduce.Function.MAX, Set.of(Axis.CHANNEL)), "back")
          .add("product", new MatrixProduct(), "turned", "most")
          .add("both", Binary.add(), "product", "sum")
          .add("shares", new Softmax(Axis.HEIGHT))
          .add("flat", Reshape.flatten())
          .add("size", new Unary(Unary.Function.ABSOLUTE), "norm")
          .add("negative", new Unary(Unary.Function.NEGATIVE))
          .add("quantized", Quantize.steps(0.02f, 128, 0, 255))
          .add("exp", new Unary(Unary.Function.EXPONENTIAL))
          .add("inverse", new Unary(Unary.Function.RECIPROCAL))
          .add("log", new Unary(Unary.Function.LOGARITHM))
          .add("erf", new Unary(Unary.Function.ERROR_FUNCTION))
          .add("most_of_two", new Binary(Binary.Function.MAXIMUM), "erf", "norm")
          .add("least_of_two", new Binary(Binary.Function.MINIMUM), "most_of_two", "silu")
          .add("bent", new Binary(Binary.Function.PRELU), "norm", "two")
          .add("nearest", ResizeNearest.by(2), "norm")
          .add(
              "linear",
              new ResizeLinear(Resampling.to(5, 9, Resampling.Coordinates.HALF_PIXEL)),
              "norm")
          .add("wide", TransposedConv2d.of(8, 16).kernel(3).stride(2).padding(1).bias().build())
          .add("squares", new DepthToSpace(2, DepthToSpace.Order.COLUMN_ROW_DEPTH))
          .add("other", new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW))
          .add("channels", new SpaceToDepth(2))
          .build(
              "flat",
              "relu",
              "relu6",
              "leaky",
              "sigmoid",
              "hard_sigmoid",
              "hard_swish",
              "gelu",
              "tanh",
              "ratio",
              "nearest",
              "channels",
              "least_of_two",
              "bent");
}
