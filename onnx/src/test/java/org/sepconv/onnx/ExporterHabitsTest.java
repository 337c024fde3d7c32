package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.Engines.check;
import static org.sepconv.onnx.ModelBuilder.integer;
import static org.sepconv.onnx.ModelBuilder.ints;
import static org.sepconv.onnx.ModelBuilder.real;
import static org.sepconv.onnx.ModelBuilder.text;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Reshape;
import org.sepconv.Transpose;
import org.sepconv.onnx.proto.TensorProto;
import org.sepconv.select.Backends;
import org.sepconv.session.InferenceSession;

/** What PyTorch, TensorFlow and Paddle write, in small: each gives what ONNX Runtime gives. */
class ExporterHabitsTest {
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
    OnnxModel read = OnnxModel.read(model.bytes());
    try (Backends backends = Backends.discover();
        InferenceSession session = new InferenceSession(backends.backend("reference"), read)) {
      for (int[] size : new int[][] {{1, 4, 8, 6}, {2, 4, 3, 5}}) {
        OnnxNetwork network = read.network(size);
        assertEquals(
            List.of(size[0], size[2] * size[3], 6), network.outputs().getFirst().dimensions());
        List<float[]> inputs = Engines.inputs(network);
        assertArrayEquals(
            Engines.run("reference", network, inputs).getFirst(),
            session
                .run(List.of(network.inputs().getFirst().shape()), inputs.getFirst())
                .getFirst()
                .values());
      }
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

  @Test
  void quantisedWeights() throws Exception {
    TensorProto.Builder filter =
        TensorProto.newBuilder().setName("q").setDataType(3).addDims(6).addDims(4);
    TensorProto.Builder zero = TensorProto.newBuilder().setName("zero").setDataType(3).addDims(6);
    for (int i = 0; i < 24; i++) {
      filter.addInt32Data(i * 37 % 256 - 128);
    }
    for (int i = 0; i < 6; i++) {
      zero.addInt32Data(i - 3);
    }
    check(
        new ModelBuilder(13)
            .input("x", 1, 4, 3, 3)
            .tensor(filter.addDims(1).addDims(1))
            .tensor(zero)
            .weights("scale", 0.01, 0.02, 6)
            .node("DequantizeLinear", "q scale zero", "w", integer("axis", 0))
            .node("Conv", "x w", "y")
            .output("y"),
        1,
        4,
        3,
        3);
  }
}
