package org.sepconv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Fills the weights of a graph, each with what stands before and behind it in view. */
record GraphFilling(Graph graph, WeightFiller filler) {

  /** What squeeze-and-excitation scales with; about a half, whatever they are given. */
  private static final Set<Activation> GATES = Set.of(Activation.SIGMOID, Activation.HARD_SIGMOID);

  GraphWeights weights() {
    Map<String, Weights> weights = new HashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      weights.put(constant.name(), new ConstantWeights(values(constant)));
    }
    for (Graph.Node node : graph.nodes()) {
      weights.put(node.name(), values(node));
    }
    return new GraphWeights(weights);
  }

  /** By what is done with the constant. */
  private float[] values(Graph.Constant constant) {
    int count = constant.shape().elements();
    Graph.Node taker = takers(constant.name()).findFirst().orElse(null);
    if (taker == null || !(taker.operation() instanceof Binary(Binary.Function function))) {
      return filler.bias(count);
    }
    return switch (function) {
      case MULTIPLY, DIVIDE, POWER, PRELU -> filler.factor(count);
      case MINIMUM, MAXIMUM -> filler.bias(count);
      case ADD, SUBTRACT ->
          takers(taker.name()).anyMatch(node -> node.operation() instanceof SquareRoot)
              ? filler.epsilon(count)
              : filler.bias(count);
    };
  }

  /** With an activation that is a node of its own as if it were the operation's. */
  private Weights values(Graph.Node node) {
    if (node.operation() instanceof BatchNormalization norm) {
      return filler.batchNorm(norm.channels(), activationBehind(node));
    }
    if (node.operation() instanceof Conv2d conv) {
      boolean alone = conv.activation().equals(Activation.NONE);
      return ConvWeights.filled(
          alone ? conv.withActivation(activationBehind(node)) : conv, filler, left(node));
    }
    return Weights.filled(node.operation(), filler);
  }

  /** The activation that alone takes what a node gives; none if anything else does. */
  private Activation activationBehind(Graph.Node node) {
    List<Graph.Node> takers = takers(node.name()).toList();
    return takers.size() == 1 && takers.getFirst().operation() instanceof Activate activate
        ? activate.activation()
        : Activation.NONE;
  }

  private Stream<Graph.Node> takers(String name) {
    return graph.nodes().stream().filter(node -> node.inputs().contains(name));
  }

  /** A quarter of the mean square where the node takes what a gate scaled, else all. */
  private double left(Graph.Node node) {
    return sources(node)
            .filter(source -> source.operation().equals(Binary.multiply()))
            .flatMap(this::sources)
            .anyMatch(
                source ->
                    source.operation() instanceof Activate(Activation gate) && GATES.contains(gate))
        ? 0.25
        : 1;
  }

  private Stream<Graph.Node> sources(Graph.Node node) {
    return graph.nodes().stream().filter(source -> node.inputs().contains(source.name()));
  }
}
