package org.sepconv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a {@link Graph}.
 *
 * @param ofNodes by the name of the node, or of the constant; nodes without weights need no entry
 */
public record GraphWeights(Map<String, Weights> ofNodes) implements Weights {
  public GraphWeights {
    ofNodes = Map.copyOf(ofNodes);
  }

  static GraphWeights filled(Graph graph, WeightFiller filler) {
    Map<String, Weights> weights = new HashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      weights.put(constant.name(), new ConstantWeights(filler.bias(constant.shape().elements())));
    }
    for (Graph.Node node : graph.nodes()) {
      weights.put(
          node.name(),
          node.operation() instanceof BatchNormalization norm
              ? filler.batchNorm(norm.channels(), activationBehind(graph, node))
              : Weights.filled(node.operation(), filler));
    }
    return new GraphWeights(weights);
  }

  /** The activation that alone takes what a node gives; none if anything else does. */
  private static Activation activationBehind(Graph graph, Graph.Node node) {
    List<Graph.Node> takers =
        graph.nodes().stream().filter(taker -> taker.inputs().contains(node.name())).toList();
    return takers.size() == 1 && takers.getFirst().operation() instanceof Activate activate
        ? activate.activation()
        : Activation.NONE;
  }

  /** The weights of a node; none where there is no entry. */
  public Weights of(Graph.Node node) {
    return ofNodes.getOrDefault(node.name(), Weights.none());
  }

  /**
   * The values of a constant, in N, C, H, W order.
   *
   * @throws IllegalArgumentException if they are not there, or not as many as its shape needs
   */
  public float[] of(Graph.Constant constant) {
    if (!(ofNodes.get(constant.name()) instanceof ConstantWeights(float[] values))) {
      throw new IllegalArgumentException(
          "the constant %s has no values among the weights".formatted(constant.name()));
    }
    constant.shape().checkLength("constant " + constant.name(), values.length);
    return values;
  }

  @Override
  public void checkMatches(Operation operation) {
    if (!(operation instanceof Graph graph)) {
      throw new IllegalArgumentException("weights of a graph given for: " + operation);
    }
    graph.constants().forEach(this::of);
    for (Graph.Node node : graph.nodes()) {
      try {
        of(node).checkMatches(node.operation());
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(node.name() + ": " + wrong.getMessage(), wrong);
      }
    }
    for (String name : ofNodes.keySet()) {
      if (graph.nodes().stream().noneMatch(node -> node.name().equals(name))
          && graph.constants().stream().noneMatch(constant -> constant.name().equals(name))) {
        throw new IllegalArgumentException(
            "there are weights of %s, but %s has no such node or constant".formatted(name, graph));
      }
    }
  }
}
