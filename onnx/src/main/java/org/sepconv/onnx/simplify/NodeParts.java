package org.sepconv.onnx.simplify;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.Fused;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;

/** Nodes that take the place of one; in messages all are called as that one is. */
final class NodeParts {
  private static final Attributes NONE = new Attributes(Map.of());

  /** The names of a model's values. */
  static final class Names {
    private final Set<String> taken = new HashSet<>();

    Names(ModelFile model) {
      taken.addAll(model.constants().keySet());
      model.inputs().forEach(input -> taken.add(input.name()));
      model.nodes().forEach(node -> taken.addAll(node.outputs()));
    }

    /** A name that no value has. */
    String free(String wanted) {
      String name = wanted;
      for (int i = 2; !taken.add(name); i++) {
        name = wanted + "#" + i;
      }
      return name;
    }
  }

  private final Node node;
  private final Names names;
  private final List<Node> nodes = new ArrayList<>();

  NodeParts(Node node, Names names) {
    this.node = node;
    this.names = names;
  }

  /** The name of an input that must be there. */
  String input(int index) {
    if (!node.hasInput(index)) {
      throw new OnnxException("input %d is left out".formatted(index));
    }
    return node.inputs().get(index);
  }

  private String optional(int index) {
    return node.hasInput(index) ? node.inputs().get(index) : "";
  }

  /** Adds a node; the name of its value. */
  String add(String operator, String part, List<String> inputs, Attributes attributes) {
    String output = names.free(node.outputs().getFirst() + ":" + part);
    add("", operator, inputs, List.of(output), attributes);
    return output;
  }

  private void add(
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      Attributes attributes) {
    String name = node.name().isEmpty() ? node.outputs().getFirst() : node.name();
    nodes.add(new Node(name, domain, operator, inputs, outputs, attributes));
  }

  /** Adds {@code value - zero}, or the value alone. */
  String difference(String part, String value, String zero) {
    String output = names.free(node.outputs().getFirst() + ":" + part);
    List<String> inputs = zero.isEmpty() ? List.of(value) : List.of(value, zero);
    add(Fused.DOMAIN, Fused.DIFFERENCE, inputs, List.of(output), NONE);
    return output;
  }

  /** Adds rounding to whole numbers within a range. */
  String rounded(String part, String value, long lowest, long highest) {
    String output = names.free(node.outputs().getFirst() + ":" + part);
    Attributes range = new Attributes(Map.of("min", lowest, "max", highest));
    add(Fused.DOMAIN, Fused.ROUND_WITHIN, List.of(value), List.of(output), range);
    return output;
  }

  /**
   * Adds the real numbers that an input stands for, with the inputs of its scale and zero point.
   */
  String dequantized(String part, int value, int scale, int zero, int axis) {
    return add(
        "DequantizeLinear",
        part,
        List.of(input(value), input(scale), optional(zero)),
        new Attributes(Map.of("axis", (long) axis)));
  }

  /** The same of a sum of products, of which the scale is the product of two. */
  String dequantizedSum(String part, int value, int scale, int otherScale) {
    String product = add("Mul", part + ":scale", List.of(input(scale), input(otherScale)), NONE);
    return add(
        "DequantizeLinear",
        part,
        List.of(input(value), product),
        new Attributes(Map.of("axis", 0L)));
  }

  /** All nodes, with the value rounded to the node's output at the end. */
  List<Node> quantized(String value, int scale, int zero) {
    return last("QuantizeLinear", List.of(value, input(scale), optional(zero)), NONE);
  }

  /** All nodes, with one that gives the node's first output at the end. */
  List<Node> last(String operator, List<String> inputs, Attributes attributes) {
    give(operator, inputs, 0, attributes);
    return nodes;
  }

  /** Adds the node that gives an output, if something needs it. */
  void give(String operator, List<String> inputs, int output, Attributes attributes) {
    if (node.hasOutput(output)) {
      add("", operator, inputs, List.of(node.outputs().get(output)), attributes);
    }
  }

  /** All nodes so far. */
  List<Node> nodes() {
    return nodes;
  }
}
