package org.sepconv.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.BatchNormalization;
import org.sepconv.Graph;
import org.sepconv.SeparableConv2d;

/**
 * What a network would be without separable convolution: each one, and each depthwise convolution
 * followed by a pointwise one, as the standard convolution that it replaces, of the same kernel,
 * channels, strides, dilation and padding, and of the bias, residual and activation of the
 * pointwise stage.
 *
 * <pre>
 *   x -&gt; depthwise 3x3 32-&gt;32 -&gt; pointwise 32-&gt;64 -&gt; y       becomes       x -&gt; standard 3x3 32-&gt;64 -&gt; y
 * </pre>
 *
 * <p>A batch norm and an activation between the two go as well. A depthwise convolution stays where
 * something else takes its output too, or anything else stands between it and the pointwise one, as
 * squeeze-and-excitation does.
 */
public final class StandardGraph {
  private final Graph graph;
  private final Map<String, Graph.Node> nodes = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();

  private StandardGraph(Graph graph) {
    this.graph = graph;
    for (Graph.Node node : graph.nodes()) {
      nodes.put(node.name(), node);
      node.inputs().forEach(source -> uses.merge(source, 1, Integer::sum));
    }
    graph.outputs().forEach(output -> uses.merge(output, 1, Integer::sum));
  }

  /**
   * The standard network of the same inputs and outputs; names of nodes stay, of a pair that of the
   * pointwise one.
   */
  public static Graph of(Graph graph) {
    return new StandardGraph(graph).rewritten();
  }

  private Graph rewritten() {
    List<Graph.Node> kept = new ArrayList<>();
    for (Graph.Node node : graph.nodes()) {
      List<Graph.Node> before = depthwiseBefore(node);
      if (!before.isEmpty()) {
        Graph.Node depthwise = before.getLast();
        kept.removeAll(before);
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(0, depthwise.inputs().getFirst());
        kept.add(standard(node, pair(depthwise, node).orElseThrow(), inputs));
      } else if (node.operation() instanceof SeparableConv2d separable) {
        kept.add(standard(node, separable, node.inputs()));
      } else {
        kept.add(node);
      }
    }
    return new Graph(
        graph.name() + "_standard", graph.inputs(), graph.constants(), kept, graph.outputs());
  }

  private static Graph.Node standard(
      Graph.Node node, SeparableConv2d separable, List<String> inputs) {
    return new Graph.Node(node.name(), separable.equivalentStandard(), inputs);
  }

  /**
   * What goes with the depthwise convolution that this node makes a separable one of: itself last,
   * and what stands between; nobody else takes anything of it. Empty if there is none.
   */
  private List<Graph.Node> depthwiseBefore(Graph.Node node) {
    List<Graph.Node> gone = new ArrayList<>();
    String source = node.inputs().getFirst();
    while (nodes.containsKey(source) && uses.getOrDefault(source, 0) == 1) {
      Graph.Node before = nodes.get(source);
      gone.add(before);
      if (pair(before, node).isPresent()) {
        return gone;
      }
      if (!(before.operation() instanceof BatchNormalization
          || before.operation() instanceof Activate)) {
        return List.of();
      }
      source = before.inputs().getFirst();
    }
    return List.of();
  }

  private static Optional<SeparableConv2d> pair(Graph.Node first, Graph.Node second) {
    return SeparableConv2d.joining(first.operation(), second.operation());
  }
}
