package org.sepconv.onnx.simplify;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.Fused;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Finds activations that exporters write out in parts. All of them end in a product, so the factors
 * of each product are looked at, whatever the order in which they are multiplied:
 *
 * <pre>
 *   x * Sigmoid(x)                           SiLU
 *   x * HardSigmoid(x, 1/6, 1/2)             hard-swish
 *   x * Clip(x + 3, 0, 6) * 1/6              hard-swish
 *   Clip(x + 3, 0, 6) * 1/6                  hard-sigmoid
 *   x * (Erf(x / sqrt(2)) + 1) * 1/2         GELU
 * </pre>
 */
final class Patterns {
  /** What a value is multiplied from. */
  private record Product(List<String> factors, double number) {}

  private final ModelFile model;
  private final Map<String, Node> givers = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  Patterns(ModelFile model) {
    this.model = model;
    for (Node node : model.nodes()) {
      node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
      node.outputs().forEach(output -> givers.put(output, node));
    }
    model.outputs().forEach(output -> uses.merge(output.name(), 1, Integer::sum));
  }

  /** The model with one node in the place of the last of each pattern's. */
  ModelFile fused() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : model.nodes()) {
      Node fused = fused(node);
      nodes.add(fused);
      fused.outputs().forEach(output -> givers.put(output, fused));
    }
    return model.with(model.constants(), nodes);
  }

  private Node fused(Node node) {
    try {
      return is(node, "Mul") || is(node, "Div") ? activation(node).orElse(node) : node;
    } catch (RuntimeException wrong) {
      // Whatever a contradictory model runs into, it is the model's fault, and its place known.
      throw new OnnxException("node %s: %s".formatted(node, wrong.getMessage()), wrong);
    }
  }

  private static boolean is(Node node, String operator) {
    return !node.inputs().isEmpty()
        && node.operator().equals(operator)
        && (node.domain().isEmpty() || node.domain().equals(Fused.DOMAIN));
  }

  private Optional<Node> activation(Node node) {
    Product product = factors(node, 0);
    List<String> factors = product.factors();
    double number = product.number();
    if (factors.size() == 1 && isNear(number, 1 / 6.0)) {
      return shiftedGate(factors.getFirst())
          .map(
              source ->
                  replaced(node, "HardSigmoid", source, Map.of("alpha", 1 / 6f, "beta", 0.5f)));
    }
    if (factors.size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      String source = factors.get(i);
      String gate = factors.get(1 - i);
      Optional<String> operator = gated(source, gate, number);
      if (operator.isPresent()) {
        return Optional.of(replaced(node, operator.get(), source, Map.of()));
      }
    }
    return Optional.empty();
  }

  /** Which activation is {@code source * gate * number}. */
  private Optional<String> gated(String source, String gate, double number) {
    Node giver = givers.get(gate);
    if (giver == null) {
      return Optional.empty();
    }
    if (isNear(number, 1) && giver.hasInput(0) && giver.inputs().getFirst().equals(source)) {
      if (is(giver, "Sigmoid")) {
        return Optional.of("Silu");
      }
      Attributes attributes = giver.attributes();
      if (is(giver, "HardSigmoid")
          && isNear(attributes.real("alpha", 0.2f), 1 / 6.0)
          && isNear(attributes.real("beta", 0.5f), 0.5)) {
        return Optional.of("HardSwish");
      }
    }
    if (isNear(number, 1 / 6.0) && shiftedGate(gate).equals(Optional.of(source))) {
      return Optional.of("HardSwish");
    }
    return isNear(number, 0.5) && isNormalGate(giver, source)
        ? Optional.of("Gelu")
        : Optional.empty();
  }

  /** The x of {@code Clip(x + 3, 0, 6)}. */
  private Optional<String> shiftedGate(String value) {
    Node clip = givers.get(value);
    if (clip == null
        || !is(clip, "Clip")
        || bound(clip, 1, "min") != 0
        || bound(clip, 2, "max") != 6) {
      return Optional.empty();
    }
    return sum(givers.get(clip.inputs().getFirst()), 3);
  }

  private double bound(Node clip, int input, String name) {
    return clip.hasInput(input)
        ? number(clip.inputs().get(input)).orElse(Double.NaN)
        : clip.attributes().real(name, Float.NaN);
  }

  /** Whether it is {@code Erf(x / sqrt(2)) + 1}. */
  private boolean isNormalGate(Node node, String source) {
    Optional<String> inner = sum(node, 1);
    Node erf = inner.map(givers::get).orElse(null);
    if (erf == null || !is(erf, "Erf")) {
      return false;
    }
    Node scaled = givers.get(erf.inputs().getFirst());
    if (scaled == null || !(is(scaled, "Mul") || is(scaled, "Div"))) {
      return false;
    }
    Product product = factors(scaled, 0);
    return isNear(product.number(), Math.sqrt(0.5)) && product.factors().equals(List.of(source));
  }

  /** The x of {@code x + number}. */
  private Optional<String> sum(@Nullable Node node, double number) {
    if (node == null || !is(node, "Add") || node.inputs().size() != 2) {
      return Optional.empty();
    }
    for (int i = 0; i < 2; i++) {
      Optional<Double> summand = number(node.inputs().get(i));
      if (summand.isPresent() && isNear(summand.get(), number)) {
        return Optional.of(node.inputs().get(1 - i));
      }
    }
    return Optional.empty();
  }

  /** The factors of a product, also of products that are nothing but factors of it. */
  private Product factors(Node node, int depth) {
    List<String> factors = new ArrayList<>();
    double number = 1;
    for (int i = 0; i < node.inputs().size(); i++) {
      String input = node.inputs().get(i);
      Optional<Double> constant = number(input);
      Node inner = givers.get(input);
      if (constant.isPresent()) {
        number *= i == 1 && is(node, "Div") ? 1 / constant.get() : constant.get();
      } else if (i == 1 && is(node, "Div")) {
        return new Product(List.of(), 0); // a quotient of two values is no product
      } else if (inner != null
          && (is(inner, "Mul") || is(inner, "Div"))
          && uses.getOrDefault(input, 0) == 1
          && depth < 3) {
        Product product = factors(inner, depth + 1);
        factors.addAll(product.factors());
        number *= product.number();
      } else {
        factors.add(input);
      }
    }
    return new Product(factors, number);
  }

  /** The number that a value is, if it is one and known. */
  private Optional<Double> number(String value) {
    Tensor tensor = model.constants().get(value);
    return tensor != null && tensor.size() == 1 && tensor.rank() <= 1
        ? Optional.of(tensor.real(0))
        : Optional.empty();
  }

  private static boolean isNear(double value, double expected) {
    return Math.abs(value - expected) <= 1e-5 * Math.abs(expected);
  }

  private static Node replaced(
      Node last, String operator, String source, Map<String, Object> attributes) {
    return new Node(
        last.name(),
        Fused.DOMAIN,
        operator,
        List.of(source),
        last.outputs(),
        new Attributes(attributes));
  }
}
