package org.sepconv;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Fills the weights of a graph, each with what stands before and behind it in view. */
record GraphFilling(Graph graph, WeightFiller filler) {

  GraphWeights weights() {
    Map<String, Weights> weights = new HashMap<>();
    Map<String, Double> sizes = new HashMap<>();
    for (Graph.Constant constant : graph.constants()) {
      float[] values = values(constant);
      weights.put(constant.name(), new ConstantWeights(values));
      sizes.put(constant.name(), SignalSize.of(values));
    }
    for (Graph.Node node : graph.nodes()) {
      List<Double> given =
          node.inputs().stream()
              .map(name -> sizes.getOrDefault(name, SignalSize.ORDINARY))
              .toList();
      Weights own = values(node, given.getFirst());
      weights.put(node.name(), own);
      sizes.put(node.name(), SignalSize.after(node.operation(), own, given));
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

  /**
   * With an activation that is a node of its own as if it were the operation's.
   *
   * @param given the mean square of what the node takes
   */
  private Weights values(Graph.Node node, double given) {
    return switch (node.operation()) {
      case BatchNormalization norm -> filler.batchNorm(norm.channels(), wanted(node) / given);
      case Conv2d conv -> ConvWeights.filled(conv, filler, wanted(node) / given);
      case TransposedConv2d conv -> ConvWeights.filled(conv, filler, wanted(node) / given);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        double between = SignalSize.inNetwork(depthwise.activation());
        yield new SeparableWeights(
            ConvWeights.filled(depthwise, filler, between / given),
            ConvWeights.filled(
                pointwise,
                filler,
                wanted(node) / SignalSize.after(depthwise.activation(), between)));
      }
      case Graph _,
          Elementwise _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ ->
          Weights.filled(node.operation(), filler);
    };
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

  /** The mean square that the sums of a node should have: those of a batch norm too. */
  private double wanted(Graph.Node node) {
    List<Activation> own = node.operation().activations();
    boolean alone = own.isEmpty() || own.getLast().equals(Activation.NONE);
    return SignalSize.inNetwork(alone ? activationBehind(node) : own.getLast());
  }
}
