package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.ModelBuilder.integer;
import static org.sepconv.onnx.ModelBuilder.ints;
import static org.sepconv.onnx.ModelBuilder.real;
import static org.sepconv.onnx.ModelBuilder.text;

import ai.onnxruntime.OrtException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Reshape;
import org.sepconv.Transpose;
import org.sepconv.onnx.proto.TensorProto;

/** What PyTorch, TensorFlow and Paddle write, in small: each gives what ONNX Runtime gives. */
class ExporterHabitsTest {

  /** The graph, whose outputs were compared. */
  private static Graph check(ModelBuilder model, int... dimensions) throws OrtException {
    byte[] bytes = model.bytes();
    OnnxNetwork network = OnnxModel.read(bytes).at(dimensions);
    List<float[]> inputs = Engines.inputs(network);
    List<float[]> expected = Engines.runtime(bytes, network, inputs);
    double difference =
        Engines.difference("reference", expected, Engines.run("reference", network, inputs));
    assertTrue(difference <= 1e-5, "reference: " + difference);
    difference = Engines.difference("cpu", expected, Engines.run("cpu", network, inputs));
    assertTrue(difference <= 1e-4, "cpu: " + difference);
    return network.graph();
  }

  private static List<String> operations(Graph graph) {
    return graph.nodes().stream().map(Graph.Node::operation).map(Operation::toString).toList();
  }

  private static ModelBuilder image(int opset) {
    return new ModelBuilder(opset).input("x", -1, 4, -1, -1).weights("w", 6, 4, 3, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SAME_UPPER", "SAME_LOWER", "VALID"})
  void paddingByName(String padding) throws Exception {
    check(
        image(13)
            .node("Conv", "x w", "y", text("auto_pad", padding), ints("strides", 2, 2))
            .output("y"),
        2,
        4,
        8,
        7);
  }

  @Test
  void oneDimension() throws Exception {
    Graph graph =
        check(
            new ModelBuilder(13)
                .input("x", 2, 4, 19)
                .weights("w", 8, 2, 3)
                .weights("v", 8, 1, 5)
                .weights("scale", 8)
                .weights("bias", 8)
                .weights("mean", 8)
                .weights("variance", 0.5, 2, 8)
                .node("Conv", "x w", "a", ints("pads", 2, 1), integer("group", 2))
                .node("BatchNormalization", "a scale bias mean variance", "b")
                .node("Relu", "b", "c")
                .node("Conv", "c v", "d", integer("group", 8), ints("dilations", 2))
                .node("MaxPool", "d", "e", ints("kernel_shape", 2), ints("strides", 2))
                .node("GlobalAveragePool", "e", "y")
                .output("y"),
            2,
            4,
            19);
    assertTrue(graph.nodes().getFirst().operation() instanceof Reshape, "one only");
    assertEquals(1, graph.nodes().stream().filter(n -> n.operation() instanceof Reshape).count());
  }

  @Test
  void transposedConvolutions() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 1, 4, 5, 6)
            .weights("w", 4, 3, 3, 3)
            .weights("bias", 6)
            .weights("shift", 1, 6, 1, 1)
            .node(
                "ConvTranspose",
                "x w bias",
                "a",
                integer("group", 2),
                ints("strides", 2, 3),
                ints("pads", 1, 0, 0, 1),
                ints("output_padding", 1, 0))
            .node("Add", "a shift", "b")
            .node("Relu", "b", "y")
            .output("y"),
        1,
        4,
        5,
        6);
    check(
        new ModelBuilder(13)
            .input("x", 1, 4, 5)
            .weights("w", 4, 2, 4)
            .node("ConvTranspose", "x w", "y", ints("strides", 2), ints("pads", 1, 1))
            .output("y"),
        1,
        4,
        5);
  }

  @Test
  void hardSwishInParts() throws Exception {
    ModelBuilder parts =
        image(11)
            .number("three", 3)
            .number("zero", 0)
            .number("six", 6)
            .node("Conv", "x w", "a")
            .node("Add", "a three", "b")
            .node("Clip", "b zero six", "c")
            .node("Mul", "a c", "d")
            .node("Div", "d six", "y")
            .output("y");
    Graph graph = check(parts, 1, 4, 8, 8);
    assertEquals(List.of(new Activate(Activation.HARD_SWISH)), last(graph, 1));
    assertEquals(2, graph.nodes().size());
    Graph older =
        check(
            image(9)
                .number("three", 3)
                .number("sixth", 1 / 6.0)
                .node("Conv", "x w", "a")
                .node("Add", "a three", "b")
                .node("Clip", "b", "c", real("min", 0), real("max", 6))
                .node("Mul", "c sixth", "d")
                .node("Mul", "d a", "y")
                .output("y"),
            1,
            4,
            8,
            8);
    assertEquals(List.of(new Activate(Activation.HARD_SWISH)), last(older, 1));
  }

  private static List<Operation> last(Graph graph, int count) {
    return graph.nodes().reversed().stream().limit(count).map(Graph.Node::operation).toList();
  }

  @Test
  void aGateOfOtherSlopeIsAPartOfTheConvolution() throws Exception {
    Graph graph =
        check(
            image(13)
                .node("Conv", "x w", "a")
                .node("HardSigmoid", "a", "y", real("alpha", 0.2), real("beta", 0.5))
                .output("y"),
            1,
            4,
            5,
            5);
    assertEquals(2, graph.nodes().size());
    assertEquals(List.of(new Activate(new Activation.Clamp(0, 1))), last(graph, 1));
  }

  @Test
  void swishAndItsHardSister() throws Exception {
    Graph graph =
        check(
            image(13)
                .node("Conv", "x w", "a")
                .node("Sigmoid", "a", "b")
                .node("Mul", "b a", "c")
                .node("HardSigmoid", "c", "d", real("alpha", 1 / 6.0), real("beta", 0.5))
                .node("Mul", "c d", "y")
                .output("y"),
            1,
            4,
            5,
            5);
    assertEquals(
        List.of(new Activate(Activation.HARD_SWISH), new Activate(Activation.SILU)),
        last(graph, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void geluInParts(int form) throws Exception {
    ModelBuilder model =
        image(13)
            .number("root", Math.sqrt(2))
            .number("one", 1)
            .number("half", 0.5)
            .node("Conv", "x w", "a")
            .node("Div", "a root", "b")
            .node("Erf", "b", "c")
            .node("Add", "c one", "d");
    switch (form) {
      case 0 -> model.node("Mul", "a d", "e").node("Mul", "e half", "y");
      case 1 -> model.node("Mul", "a half", "e").node("Mul", "e d", "y");
      default -> model.node("Mul", "d half", "e").node("Mul", "a e", "y");
    }
    Graph graph = check(model.output("y"), 1, 4, 5, 5);
    assertEquals(List.of(new Activate(Activation.GELU)), last(graph, 1));
    assertEquals(2, graph.nodes().size());
  }

  @Test
  void factorsAndSummandsOfChannelsAreFolded() throws Exception {
    Graph graph =
        check(
            image(13)
                .weights("factor", 1, 6, 1, 1)
                .weights("summand", 6, 1, 1)
                .weights("divisor", 0.5, 2, 1, 1, 6, 1, 1)
                .number("less", 0.3)
                .node("Conv", "x w", "a")
                .node("Mul", "factor a", "b")
                .node("Add", "b summand", "c")
                .node("Sub", "c less", "d")
                .node("Relu", "d", "e")
                .node("Div", "e divisor", "y")
                .output("y"),
            2,
            4,
            6,
            5);
    assertEquals(3, graph.nodes().size(), () -> operations(graph).toString());
    assertTrue(((Conv2d) graph.nodes().getFirst().operation()).bias());
  }

  @Test
  void whatIsTakenTwiceIsNotFolded() throws Exception {
    check(
        image(13)
            .weights("summand", 6, 1, 1)
            .integers("same", 0, 6, -1)
            .node("Conv", "x w", "a")
            .node("Reshape", "a same", "flat")
            .node("Add", "a summand", "b")
            .output("b")
            .output("flat"),
        1,
        4,
        6,
        5);
  }

  @Test
  void channelsLastAndBack() throws Exception {
    Graph graph =
        check(
            new ModelBuilder(12)
                .input("x", 1, 8, 9, 4)
                .weights("w", 6, 4, 3, 3)
                .integers("shape", 1, -1, 3)
                .node("Transpose", "x", "a", ints("perm", 0, 3, 1, 2))
                .node("Transpose", "a", "b", ints("perm", 0, 2, 3, 1))
                .node("Relu", "b", "c")
                .node("Transpose", "c", "d", ints("perm", 0, 3, 1, 2))
                .node("Conv", "d w", "e")
                .node("Transpose", "e", "f", ints("perm", 0, 2, 3, 1))
                .node("Reshape", "f shape", "y")
                .output("y"),
            1,
            8,
            9,
            4);
    assertEquals(2, graph.nodes().stream().filter(n -> n.operation() instanceof Transpose).count());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void attention(int batch) throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", -1, 5, 8)
            .weights("qkv", 8, 24)
            .weights("bias", 24)
            .weights("out", 8, 8)
            .integers("heads", 0, 5, 3, 2, 4)
            .integers("flat", 0, 5, 8)
            .number("scale", 0.5)
            .tensor(TensorProto.newBuilder().setName("zero").setDataType(7).addInt64Data(0))
            .tensor(TensorProto.newBuilder().setName("one").setDataType(7).addInt64Data(1))
            .tensor(TensorProto.newBuilder().setName("two").setDataType(7).addInt64Data(2))
            .node("MatMul", "x qkv", "a")
            .node("Add", "bias a", "b")
            .node("Reshape", "b heads", "c")
            .node("Transpose", "c", "d", ints("perm", 2, 0, 3, 1, 4))
            .node("Gather", "d zero", "q", integer("axis", 0))
            .node("Gather", "d one", "k", integer("axis", 0))
            .node("Gather", "d two", "v", integer("axis", 0))
            .node("Transpose", "k", "t", ints("perm", 0, 1, 3, 2))
            .node("Mul", "q scale", "s")
            .node("MatMul", "s t", "e")
            .node("Softmax", "e", "f", integer("axis", -1))
            .node("MatMul", "f v", "g")
            .node("Transpose", "g", "h", ints("perm", 0, 2, 1, 3))
            .node("Reshape", "h flat", "i")
            .node("MatMul", "i out", "j")
            .node("Add", "x j", "y")
            .output("y"),
        batch,
        5,
        8);
  }

  @Test
  void layerNormInPartsAndInOne() throws Exception {
    check(
        new ModelBuilder(17)
            .input("x", 2, 5, 8)
            .weights("gamma", 8)
            .weights("beta", 8)
            .number("two", 2)
            .number("epsilon", 1e-5)
            .node("ReduceMean", "x", "mean", ints("axes", -1))
            .node("Sub", "x mean", "a")
            .node("Pow", "a two", "b")
            .node("ReduceMean", "b", "variance", ints("axes", -1))
            .node("Add", "variance epsilon", "c")
            .node("Sqrt", "c", "d")
            .node("Div", "a d", "e")
            .node("Mul", "e gamma", "f")
            .node("Add", "f beta", "g")
            .node("LayerNormalization", "g gamma beta", "y", integer("axis", -1))
            .output("y"),
        2,
        5,
        8);
  }

  @Test
  void shapesAreComputedForEachSize() throws Exception {
    ModelBuilder model =
        new ModelBuilder(11)
            .input("x", -1, 4, -1, -1)
            .weights("w", 6, 4, 1, 1)
            .integers("from", 2)
            .integers("to", 4)
            .integers("rest", -1)
            .integers("batch", 0)
            .integers("first", 0)
            .integers("second", 1)
            .integers("channels", 6)
            .integers("half", 2)
            .node("Conv", "x w", "a", ints("strides", 2, 2))
            .node("Shape", "x", "s")
            .node("Slice", "s from to", "hw")
            .node("Shape", "a", "t")
            .node("Slice", "t batch second", "nc")
            .node("Concat", "nc channels hw", "size", integer("axis", 0))
            .node("Resize", "a _ _ size", "b", text("mode", "linear"))
            .node("Add", "b b", "c")
            .node("Concat", "nc channels rest", "flat", integer("axis", 0))
            .node("Reshape", "c flat", "d")
            .node("Transpose", "d", "y", ints("perm", 0, 2, 1))
            .output("y");
    model.floats("none", new float[0], 0);
    byte[] bytes = model.bytes();
    OnnxModel read = OnnxModel.read(bytes);
    for (int[] size : new int[][] {{1, 4, 8, 6}, {2, 4, 3, 5}}) {
      OnnxNetwork network = read.at(size);
      assertEquals(
          List.of(size[0], size[2] * size[3], 6), network.outputs().getFirst().dimensions());
    }
  }

  @Test
  void channelShuffleAndPixelShuffle() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", -1, 8, 4, 5)
            .integers("groups", 0, 2, 4, 4, 5)
            .integers("back", 0, 8, 4, 5)
            .integers("pixels", 0, 2, 2, 2, 4, 5)
            .integers("large", 0, 2, 8, 10)
            .node("Reshape", "x groups", "a")
            .node("Transpose", "a", "b", ints("perm", 0, 2, 1, 3, 4))
            .node("Reshape", "b back", "c")
            .node("Reshape", "c pixels", "d")
            .node("Transpose", "d", "e", ints("perm", 0, 1, 4, 2, 5, 3))
            .node("Reshape", "e large", "y")
            .output("y"),
        3,
        8,
        4,
        5);
  }

  @Test
  void olderSoftmaxTakesAllThatFollows() throws Exception {
    check(
        new ModelBuilder(11)
            .input("x", 2, 3, 4, 5)
            .node("Softmax", "x", "y", integer("axis", 2))
            .output("y"),
        2,
        3,
        4,
        5);
  }

  @Test
  void denseLayers() throws Exception {
    Graph graph =
        check(
            new ModelBuilder(13)
                .input("x", -1, 4, 3, 3)
                .weights("w", 10, 36)
                .weights("bias", 10)
                .node("Flatten", "x", "a")
                .node("Gemm", "a w bias", "b", integer("transB", 1), real("alpha", 0.5))
                .node("Relu", "b", "y")
                .output("y"),
            3,
            4,
            3,
            3);
    assertTrue(graph.nodes().get(1).operation() instanceof Conv2d, "a dense layer");
  }

  @Test
  void partsOfTensors() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 2, 6, 5, 7)
            .integers("starts", -1, 1)
            .integers("ends", -100, 6)
            .integers("axes", 1, 3)
            .integers("steps", -2, 2)
            .integers("lengths", 1, 2)
            .integers("pads", 1, 0, 0, 2, 0, 1, 0, 0)
            .integers("wide", 2, 1, 1, 2)
            .number("value", 0.5)
            .node("Slice", "x starts ends axes steps", "a")
            .node("Split", "a lengths", "b c", integer("axis", 1))
            .node("Pad", "c pads value", "d")
            .node("Tile", "b wide", "e")
            .node("Concat", "a c", "f", integer("axis", 1))
            .output("d")
            .output("e")
            .output("f"),
        2,
        6,
        5,
        7);
  }

  @Test
  void reductions() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 2, 6, 5, 7)
            .integers("axes", 1, 2)
            .node("ReduceMean", "x", "a", ints("axes", 1, 3), integer("keepdims", 0))
            .node("ReduceSum", "x axes", "b", integer("keepdims", 0))
            .node("ReduceMax", "b", "c", ints("axes", 1))
            .node("ReduceL2", "x", "d", ints("axes", 0))
            .node("ReduceMin", "x", "e")
            .output("a")
            .output("b")
            .output("c")
            .output("d")
            .output("e"),
        2,
        6,
        5,
        7);
  }
}
