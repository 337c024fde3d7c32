package org.sepconv.graph.pass;

import org.sepconv.Activate;
import org.sepconv.Activation;

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
            draft
                .onlyGiver(node, 0)
                .ifPresent(
                    before ->
                        LastStage.changed(
                                before.operation(), last -> last.withActivation(activation))
                            .filter(fused -> draft.supports(fused, before.inputs(), node.name()))
                            .ifPresent(
                                fused ->
                                    draft.fuse(
                                        before,
                                        node,
                                        fused,
                                        before.inputs(),
                                        draft.weights(before),
                                        "%s applies %s, %s"
                                            .formatted(before.name(), activation, node.name()))));
          }
        });
  }
}
