package org.sepconv.onnx.simplify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Operators on quantised values, taken apart into what they stand for:
 *
 * <pre>
 *   QLinearConv(x, w, y)       Quantize(Conv(Dequantize(x), Dequantize(w)), of y)
 *   ConvInteger(x, w)          Conv(x - zero of x, w - zero of w)
 *   DynamicQuantizeLinear(x)   see {@link DynamicQuantization}
 * </pre>
 *
 * ONNX's own, and those of ONNX Runtime (com.microsoft) that are of the same form.
 */
final class QuantizedOperators {
  private static final String MICROSOFT = "com.microsoft";

  private final NodeParts.Names names;
  private final Map<String, Tensor> constants;

  /**
   * @param constants of the model, and those that are computed on the way
   */
  QuantizedOperators(ModelFile model, Map<String, Tensor> constants) {
    this.names = new NodeParts.Names(model);
    this.constants = constants;
  }

  /** What is in the place of a node: itself where it is no such operator. */
  List<Node> parts(Node node) {
    try {
      return switch (node.domain()) {
        case "" -> ofOnnx(node);
        case MICROSOFT -> ofRuntime(node);
        default -> List.of(node);
      };
    } catch (RuntimeException wrong) {
      // Whatever a contradictory model runs into, it is the model's fault, and its place known.
      throw new OnnxException("node %s: %s".formatted(node, wrong.getMessage()), wrong);
    }
  }

  private List<Node> ofOnnx(Node node) {
    return switch (node.operator()) {
      case "QLinearConv" -> convolution(node);
      case "QLinearMatMul" -> ofTwo(node, "MatMul", -2, -1);
      case "ConvInteger" -> integers(node, "Conv");
      case "MatMulInteger" -> integers(node, "MatMul");
      case "DynamicQuantizeLinear" -> DynamicQuantization.parts(new NodeParts(node, names));
      default -> List.of(node);
    };
  }

  private List<Node> ofRuntime(Node node) {
    if (node.attributes().flag("channels_last")) {
      return List.of(node);
    }
    return switch (node.operator()) {
      case "QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger" ->
          ofOnnx(
              new Node(
                  node.name(),
                  "",
                  node.operator(),
                  node.inputs(),
                  node.outputs(),
                  node.attributes()));
      case "QLinearAdd" -> ofTwo(node, "Add", 1, 1);
      case "QLinearMul" -> ofTwo(node, "Mul", 1, 1);
      case "QLinearSigmoid" -> ofOne(node, "Sigmoid");
      case "QLinearLeakyRelu" -> ofOne(node, "LeakyRelu");
      case "QLinearGlobalAveragePool" -> ofOne(node, "GlobalAveragePool");
      case "QLinearAveragePool" -> ofOne(node, "AveragePool");
      case "QLinearConcat" -> concat(node);
      case "QGemm" -> gemm(node);
      default -> List.of(node);
    };
  }

  private List<Node> convolution(Node node) {
    NodeParts parts = new NodeParts(node, names);
    List<String> inputs =
        new ArrayList<>(
            List.of(parts.dequantized("x", 0, 1, 2, 1), parts.dequantized("w", 3, 4, 5, 0)));
    if (node.hasInput(8)) {
      inputs.add(parts.dequantizedSum("b", 8, 1, 4));
    }
    String y = parts.add("Conv", "y", inputs, node.attributes());
    return parts.quantized(y, 6, 7);
  }

  private List<Node> ofTwo(Node node, String operator, int axis, int otherAxis) {
    NodeParts parts = new NodeParts(node, names);
    List<String> inputs =
        List.of(parts.dequantized("a", 0, 1, 2, axis), parts.dequantized("b", 3, 4, 5, otherAxis));
    return parts.quantized(parts.add(operator, "y", inputs, node.attributes()), 6, 7);
  }

  private List<Node> ofOne(Node node, String operator) {
    NodeParts parts = new NodeParts(node, names);
    List<String> inputs = List.of(parts.dequantized("x", 0, 1, 2, 1));
    return parts.quantized(parts.add(operator, "y", inputs, node.attributes()), 3, 4);
  }

  private List<Node> concat(Node node) {
    NodeParts parts = new NodeParts(node, names);
    List<String> inputs = new ArrayList<>();
    for (int i = 2; i < node.inputs().size(); i += 3) {
      inputs.add(parts.dequantized("x" + i / 3, i, i + 1, i + 2, 1));
    }
    return parts.quantized(parts.add("Concat", "y", inputs, node.attributes()), 0, 1);
  }

  private List<Node> gemm(Node node) {
    if (node.attributes().real("alpha", 1) != 1) {
      return List.of(node);
    }
    NodeParts parts = new NodeParts(node, names);
    int outputs = node.attributes().flag("transB") ? 0 : 1;
    List<String> inputs =
        new ArrayList<>(
            List.of(parts.dequantized("a", 0, 1, 2, 1), parts.dequantized("b", 3, 4, 5, outputs)));
    if (node.hasInput(6)) {
      inputs.add(parts.dequantizedSum("c", 6, 1, 4));
    }
    if (!node.hasInput(7)) {
      return parts.last("Gemm", inputs, node.attributes());
    }
    return parts.quantized(parts.add("Gemm", "y", inputs, node.attributes()), 7, 8);
  }

  /** Of whole numbers, to whole numbers: exact in float32 up to 2^24. */
  private List<Node> integers(Node node, String operator) {
    NodeParts parts = new NodeParts(node, names);
    boolean rows = operator.equals("MatMul");
    Tensor second = constants.get(parts.input(1));
    int rank = second == null ? 4 : second.rank();
    List<String> inputs =
        List.of(
            difference(parts, "a", 0, zero(node, 2, 2, rows)),
            difference(parts, "b", 1, zero(node, 3, rank, !rows)));
    return parts.last(operator, inputs, node.attributes());
  }

  private String difference(NodeParts parts, String part, int input, String zero) {
    String value = parts.input(input);
    if (zero.isEmpty() && constants.containsKey(value)) {
      return value;
    }
    return constants.containsKey(value)
        ? parts.add("Sub", part, List.of(value, zero), new Attributes(Map.of()))
        : parts.difference(part, value, zero);
  }

  /**
   * The name of a zero point; of several along the first of the last dimensions, beside those.
   *
   * @param rank how many dimensions the last are
   */
  private String zero(Node node, int input, int rank, boolean first) {
    if (!node.hasInput(input)) {
      return "";
    }
    String name = node.inputs().get(input);
    Tensor zero = constants.get(name);
    if (zero == null || zero.rank() != 1 || zero.size() == 1 || !first) {
      return name;
    }
    int[] beside = new int[rank];
    Arrays.fill(beside, 1);
    beside[0] = zero.size();
    String reshaped = names.free(name + ":beside");
    constants.put(reshaped, zero.reshaped(beside));
    return reshaped;
  }
}
