package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.ModelBuilder.integer;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.proto.TensorProto;

/** Quantised models that contradict themselves: one exception, which names the node. */
class QuantizedFaultsTest {
  private static final TensorProto.DataType INT8 = type(3);
  private static final TensorProto.DataType UINT8 = type(2);
  private static final TensorProto.DataType INT32 = type(6);

  private static TensorProto.DataType type(int number) {
    return TensorProto.DataType.forNumber(number);
  }

  private static ModelBuilder model() {
    return new ModelBuilder(13).input("x", 1, 3, 4, 4);
  }

  private static void refused(ModelBuilder model, String... parts) {
    byte[] bytes = model.bytes();
    OnnxException wrong =
        assertThrows(OnnxException.class, () -> OnnxModel.read(bytes).network(1, 3, 4, 4));
    for (String part : parts) {
      assertTrue(wrong.getMessage().contains(part), wrong::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, Float.NaN, Float.POSITIVE_INFINITY})
  void scales(float scale) {
    for (String operator : new String[] {"QuantizeLinear", "DequantizeLinear"}) {
      refused(
          model()
              .number("s", scale)
              .whole("z", UINT8, new int[] {1})
              .node(operator, "x s z", "y")
              .output("y"),
          operator + " y",
          "scale 0 is " + scale);
      refused(
          model()
              .number("s", scale)
              .whole("w", INT8, new int[] {1, 2, 3}, 1, 3, 1, 1)
              .node("DequantizeLinear", "w s", "v")
              .node("Conv", "x v", "y")
              .output("y"),
          "DequantizeLinear v",
          "scale 0 is " + scale);
    }
  }

  @Test
  void scalesThatDoNotFit() {
    refused(
        model().floats("s", new float[] {1, 2}, 2).node("QuantizeLinear", "x s", "y").output("y"),
        "QuantizeLinear y",
        "scales are [2] for dimension 1");
    refused(
        model()
            .floats("s", new float[] {1, 2, 3}, 3)
            .node("QuantizeLinear", "x s", "y", integer("axis", 4))
            .output("y"),
        "QuantizeLinear y",
        "axis 4 of 4 dimensions");
    refused(
        model().integers("s", 1).node("QuantizeLinear", "x s", "y").output("y"),
        "QuantizeLinear y",
        "must be one of real numbers");
    refused(
        model()
            .floats("s", new float[] {1, 2, 3}, 3)
            .node("QuantizeLinear", "x s", "y", integer("block_size", -2))
            .output("y"),
        "QuantizeLinear y",
        "block size");
  }

  @Test
  void zeroPointsThatDoNotFit() {
    refused(
        model()
            .number("s", 1)
            .whole("z", UINT8, new int[] {1, 2}, 2)
            .node("QuantizeLinear", "x s z", "y")
            .output("y"),
        "QuantizeLinear y",
        "2 zero points for 1 scales");
    refused(
        model()
            .number("s", 1)
            .whole("z", INT32, new int[] {3})
            .node("QuantizeLinear", "x s z", "y")
            .output("y"),
        "QuantizeLinear y",
        "of type INT32");
    refused(
        model().number("s", 1).number("z", 0).node("QuantizeLinear", "x s z", "y").output("y"),
        "QuantizeLinear y",
        "8 or 16 bits");
    refused(
        model()
            .number("s", 1)
            .whole("z", UINT8, new int[] {3})
            .whole("t", INT8, new int[] {3})
            .node("QuantizeLinear", "x s z", "q")
            .node("DequantizeLinear", "q s t", "y")
            .output("y"),
        "DequantizeLinear y",
        "of type INT8, but the values are from 0 to 255");
    refused(
        model()
            .number("s", 1)
            .whole("t", UINT8, new int[] {3})
            .whole("w", INT8, new int[] {1, 2, 3}, 1, 3, 1, 1)
            .node("DequantizeLinear", "w s t", "v")
            .node("Conv", "x v", "y")
            .output("y"),
        "DequantizeLinear v",
        "of type UINT8, but the values are of INT8");
    refused(
        model()
            .number("s", 1)
            .whole("t", UINT8, new int[] {300})
            .node("QuantizeLinear", "x s t", "y")
            .output("y"),
        "constant 't'",
        "UINT8 is 300");
  }

  @Test
  void whatIsLeftOut() {
    refused(
        model()
            .number("s", 1)
            .node("QuantizeLinear", "x s", "q")
            .node("QLinearConv", "q s _ q s _ s", "y")
            .output("y"),
        "Conv y",
        "the filter must be a constant");
    refused(
        model().number("s", 1).node("QLinearConv", "x s _ x s", "y").output("y"),
        "QLinearConv y",
        "input 6 is left out");
    refused(model().node("QuantizeLinear", "x", "y").output("y"), "QuantizeLinear y", "the scale");
    refused(
        model().number("s", 1).node("ConvInteger", "x", "y").output("y"),
        "ConvInteger y",
        "input 1 is left out");
  }

  /** Bytes can be an input where they are dequantised, and nowhere else. */
  @Test
  void bytesAsInputs() {
    OnnxModel dequantized = OnnxModel.read(ofBytes("DequantizeLinear", "x s"));
    assertEquals(
        List.of(1, 3, 4, 4), dequantized.network(1, 3, 4, 4).outputs().getFirst().dimensions());
    OnnxModel added = OnnxModel.read(ofBytes("Add", "x x"));
    OnnxException wrong = assertThrows(OnnxException.class, () -> added.network(1, 3, 4, 4));
    assertTrue(wrong.getMessage().contains("the input x takes whole numbers"), wrong::getMessage);
  }

  private static byte[] ofBytes(String operator, String inputs) {
    var proto = model().number("s", 1).node(operator, inputs, "y").output("y").proto().toBuilder();
    proto
        .getGraphBuilder()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(UINT8.getNumber());
    return proto.build().toByteArray();
  }
}
