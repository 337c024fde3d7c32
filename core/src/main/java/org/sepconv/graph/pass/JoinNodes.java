package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.KernelKind;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Weights;

/**
 * Two nodes, of which the first is for the second alone, become one: a graph of both, for devices
 * that compute it at once.
 *
 * @param name of the pass
 * @param pattern whether two operations, one after the other, are asked about
 * @param refusal why a device does not compute a graph of two nodes at once; empty if it does
 */
record JoinNodes(
    String name,
    BiPredicate<Operation, Operation> pattern,
    Function<Problem, Optional<String>> refusal)
    implements Pass {

  /** A pointwise convolution and a separable one: expand, depthwise, project. */
  static Pass invertedResidual(Function<Problem, Optional<String>> refusal) {
    return new JoinNodes(
        "fuse inverted residual",
        (before, node) -> isPointwise(before) && node instanceof SeparableConv2d,
        refusal);
  }

  /** The product with the gate of squeeze-and-excite, and a pointwise convolution. */
  static Pass gate(Function<Problem, Optional<String>> refusal) {
    return new JoinNodes(
        "fuse gate",
        (before, node) -> before.equals(new Binary(Binary.Function.MULTIPLY)) && isPointwise(node),
        refusal);
  }

  private static boolean isPointwise(Operation operation) {
    return operation instanceof Conv2d conv && conv.kind() == KernelKind.POINTWISE;
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node ->
            draft
                .onlyGiver(node, 0)
                .filter(before -> pattern.test(before.operation(), node.operation()))
                .filter(_ -> draft.nodeCount() > 2) // else nothing would be left around the two
                .ifPresent(before -> join(draft, before, node)));
  }

  private void join(Draft draft, Graph.Node before, Graph.Node node) {
    Set<String> taken = new LinkedHashSet<>(before.inputs());
    taken.addAll(node.inputs());
    taken.remove(before.name());
    List<String> inputs = new ArrayList<>(taken);
    Graph.Builder both = Graph.builder(node.name());
    inputs.forEach(input -> both.input(input, draft.spec(input).shape()));
    Graph graph =
        both.add(before.name(), before.operation(), before.inputs().toArray(String[]::new))
            .add(node.name(), node.operation(), node.inputs().toArray(String[]::new))
            .build();
    Optional<String> why = refusal.apply(draft.problem(graph, inputs, node.name()));
    if (why.isPresent()) {
      draft.refuse("%s and %s: %s".formatted(before.name(), node.name(), why.get()));
      return;
    }
    Map<String, Weights> weights = new LinkedHashMap<>();
    for (Graph.Node each : List.of(before, node)) {
      if (each.operation().hasWeights()) {
        weights.put(each.name(), draft.weights(each));
      }
    }
    String change = "%s and %s".formatted(before.name(), node.name());
    draft.fuse(before, node, graph, inputs, new GraphWeights(weights), change);
  }
}
