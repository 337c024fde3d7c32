package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.Engines.check;
import static org.sepconv.onnx.ModelBuilder.integer;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Quantize;
import org.sepconv.onnx.proto.TensorProto;

/** Quantised models give what ONNX Runtime gives, to one step of each value. */
class QuantizedModelsTest {
  private static final TensorProto.DataType INT8 = TensorProto.DataType.INT8;
  private static final TensorProto.DataType UINT8 = TensorProto.DataType.UINT8;

  static Stream<QuantizedNetwork.Form> forms() {
    List<QuantizedNetwork.Form> forms = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      forms.add(new QuantizedNetwork.Form((i & 1) != 0, (i & 2) != 0, (i & 4) != 0));
    }
    return forms.stream();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void wholeNetworksToOneStep(QuantizedNetwork.Form form) throws Exception {
    int values = 0;
    int others = 0;
    for (int seed = 0; seed < 3; seed++) {
      QuantizedNetwork quantized = new QuantizedNetwork(seed);
      byte[] model = quantized.model(form).bytes();
      OnnxNetwork network = OnnxModel.read(model).network(1, 3, 12, 12);
      List<float[]> inputs = List.of(quantized.input());
      for (OptLevel level : new OptLevel[] {OptLevel.ALL_OPT, OptLevel.NO_OPT}) {
        List<float[]> expected = Engines.runtime(model, network, inputs, level);
        for (String backend : new String[] {"reference", "cpu"}) {
          List<float[]> actual = Engines.run(backend, network, inputs);
          for (int i = 0; i < expected.size(); i++) {
            float step = quantized.steps(form).get(i).scale();
            for (int j = 0; j < expected.get(i).length; j++) {
              double steps = Math.abs(expected.get(i)[j] - actual.get(i)[j]) / step;
              assertTrue(
                  steps < 1.01,
                  "%s, seed %d, %s: output %d is %f steps from ONNX Runtime's"
                      .formatted(backend, seed, level, i, steps));
              values++;
              others += steps > 0.5 ? 1 : 0;
            }
          }
        }
      }
    }
    System.out.printf("%s: %d of %d values are another step%n", form, others, values);
  }

  @Test
  void roundingThatGoesBackIsOneOperation() throws Exception {
    Graph graph =
        check(
            scaled(UINT8, 3)
                .weights("w", 4, 3, 1, 1)
                .node("QuantizeLinear", "x scale zero", "q")
                .node("DequantizeLinear", "q scale zero", "r")
                .node("Conv", "r w", "y")
                .output("y"),
            1,
            3,
            5,
            5);
    assertEquals(2, graph.nodes().size(), graph.nodes()::toString);
    assertEquals(Quantize.steps(0.0625f, 3, 0, 255), graph.nodes().getFirst().operation());
    assertTrue(graph.nodes().getLast().operation() instanceof Conv2d);
  }

  private static ModelBuilder scaled(TensorProto.DataType type, int zero) {
    return new ModelBuilder(13)
        .input("x", 1, 3, -1, -1)
        .number("scale", 0.0625)
        .whole("zero", type, new int[] {zero});
  }

  @Test
  void maximaOfWholeNumbers() throws Exception {
    check(
        scaled(INT8, -7)
            .node("QuantizeLinear", "x scale zero", "q")
            .node("MaxPool", "q", "m", ModelBuilder.ints("kernel_shape", 2, 2))
            .node("DequantizeLinear", "m scale zero", "y")
            .output("y"),
        1,
        3,
        6,
        5);
  }

  @Test
  void scalesOfChannelsOfComputedValues() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 2, 3, 4, 5)
            .floats("scale", new float[] {0.0625f, 0.03125f, 0.25f}, 3)
            .whole("zero", UINT8, new int[] {128, 100, 3}, 3)
            .node("QuantizeLinear", "x scale zero", "q", integer("axis", -3))
            .node("DequantizeLinear", "q scale zero", "y", integer("axis", 1))
            .output("y"),
        2,
        3,
        4,
        5);
  }

  @Test
  void dynamicRangesAndIntegerProducts() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 4, 6)
            .whole("w", INT8, new int[] {1, -2, 3, 4, -5, 6, 7, 8, -9, 10, 11, 12}, 6, 2)
            .whole("z", INT8, new int[] {3, -1}, 2)
            .number("w:scale", 0.25)
            .node("DynamicQuantizeLinear", "x", "q scale zero")
            .node("MatMulInteger", "q w zero z", "i")
            .node("Cast", "i", "f", integer("to", 1))
            .node("Mul", "scale w:scale", "s")
            .node("Mul", "f s", "y")
            .output("y")
            .output("scale"),
        4,
        6);
  }

  @Test
  void integerConvolutions() throws Exception {
    check(
        new ModelBuilder(13)
            .input("x", 1, 2, 5, 5)
            .whole("w", UINT8, new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 1, 2, 2, 3)
            .whole("z", UINT8, new int[] {4})
            .node("DynamicQuantizeLinear", "x", "q scale zero")
            .node("ConvInteger", "q w zero z", "i", ModelBuilder.ints("pads", 1, 0, 0, 1))
            .node("Cast", "i", "f", integer("to", 1))
            .node("Mul", "f scale", "y")
            .output("y"),
        1,
        2,
        5,
        5);
  }
}
