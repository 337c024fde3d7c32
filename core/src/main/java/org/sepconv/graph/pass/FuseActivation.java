package org.sepconv.graph.pass;

import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;

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
                                        "%s applies %s, %s"
                                            .formatted(before.name(), activation, node.name()))));
          }
        });
  }

  private static Optional<Operation> applying(Operation operation, Activation activation) {
    if (!(operation instanceof Convolution convolution)) {
      return Optional.empty();
    }
    return switch (convolution) {
      case Conv2d conv when conv.activation().equals(Activation.NONE) ->
          Optional.of(conv.withActivation(activation));
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise)
          when pointwise.activation().equals(Activation.NONE) ->
          Optional.of(new SeparableConv2d(depthwise, pointwise.withActivation(activation)));
      case Conv2d _, SeparableConv2d _ -> Optional.empty();
    };
  }
}
