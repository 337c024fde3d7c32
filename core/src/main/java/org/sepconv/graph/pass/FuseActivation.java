package org.sepconv.graph.pass;

import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.TransposedConv2d;

/** An activation behind a convolution is applied by it. */
final class FuseActivation implements Pass {
  @Override
  public String name() {
    return "fuse activation";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          if (node.operation() instanceof Activate(Activation activation)) {
            draft.onlyGiver(node, 0).ifPresent(before -> fuse(draft, before, node, activation));
          }
        });
  }

  private static void fuse(Draft draft, Graph.Node before, Graph.Node node, Activation activation) {
    applying(before.operation(), activation)
        .filter(fused -> draft.supports(fused, before.inputs(), node.name()))
        .ifPresent(
            fused ->
                draft.fuse(
                    before,
                    node,
                    fused,
                    before.inputs(),
                    draft.weights(before),
                    "%s applies %s, %s".formatted(before.name(), activation, node.name())));
  }

  private static Optional<Operation> applying(Operation operation, Activation activation) {
    if (operation instanceof TransposedConv2d conv && conv.activation().equals(Activation.NONE)) {
      return Optional.of(conv.withActivation(activation));
    }
    return LastStage.changed(operation, last -> last.withActivation(activation));
  }
}
