package org.sepconv.onnx.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sepconv.onnx.constant.Budget;
import org.sepconv.onnx.constant.Evaluator;
import org.sepconv.onnx.model.Fused;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * What can be done to a model once, whatever the size of its inputs: what depends on constants
 * alone is computed, operators on quantised values are taken apart, activations written out in
 * parts become one node, and what is for nothing goes.
 */
public final class Simplifier {
  private Simplifier() {}

  /** The same model with less in it. */
  public static ModelFile simplified(ModelFile model) {
    Map<String, Tensor> constants = new HashMap<>(model.constants());
    List<Node> nodes = new ArrayList<>();
    Evaluator evaluator = new Evaluator(new Budget(model.constants().values()));
    QuantizedOperators quantized = new QuantizedOperators(model, constants);
    for (Node node : model.nodes()) {
      for (Node part : quantized.parts(node)) {
        Optional<List<Tensor>> results = evaluated(evaluator, part, constants);
        if (results.isEmpty()) {
          nodes.add(part);
          continue;
        }
        for (int i = 0; i < results.get().size(); i++) {
          if (part.hasOutput(i)) {
            constants.put(part.outputs().get(i), results.get().get(i));
          }
        }
      }
    }
    ModelFile fused = new Patterns(model.with(constants, used(model, nodes))).fused();
    List<Node> left = used(fused, fused.nodes());
    Set<String> needed = needed(fused, left);
    constants.keySet().retainAll(needed);
    return fused.with(constants, left);
  }

  /** Whether a node of a simplified model takes bytes as it takes real numbers of these values. */
  public static boolean takesBytes(Node node) {
    return switch (node.operator()) {
      case "DequantizeLinear", "Cast", Fused.DIFFERENCE -> true;
      default -> false;
    };
  }

  private static Optional<List<Tensor>> evaluated(
      Evaluator evaluator, Node node, Map<String, Tensor> constants) {
    List<Tensor> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !constants.containsKey(input)) {
        return Optional.empty();
      }
      inputs.add(constants.get(input));
    }
    try {
      return evaluator.evaluate(node, inputs);
    } catch (RuntimeException wrong) {
      // Whatever a contradictory model runs into, it is the model's fault, and its place known.
      throw new OnnxException("node %s: %s".formatted(node, wrong.getMessage()), wrong);
    }
  }

  /** The nodes that the outputs need. */
  private static List<Node> used(ModelFile model, List<Node> nodes) {
    Set<String> needed = new HashSet<>();
    model.outputs().forEach(output -> needed.add(output.name()));
    List<Node> used = new ArrayList<>();
    for (Node node : nodes.reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        used.add(node);
        needed.addAll(node.inputs());
      }
    }
    return used.reversed();
  }

  private static Set<String> needed(ModelFile model, List<Node> nodes) {
    Set<String> needed = new HashSet<>();
    model.outputs().forEach(output -> needed.add(output.name()));
    nodes.forEach(node -> needed.addAll(node.inputs()));
    return needed;
  }
}
