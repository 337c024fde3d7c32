package org.sepconv.graph.pass;

import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;

/** A depthwise convolution and the pointwise one behind it become one separable convolution. */
final class FuseSeparable implements Pass {
  @Override
  public String name() {
    return "fuse depthwise and pointwise";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          if (node.operation() instanceof Conv2d) {
            draft.onlyGiver(node, 0).ifPresent(before -> fuse(draft, before, node));
          }
        });
  }

  private static void fuse(Draft draft, Graph.Node before, Graph.Node node) {
    List<String> inputs = Inputs.replaced(node, 0, before.inputs().getFirst());
    SeparableConv2d.joining(before.operation(), node.operation())
        .filter(separable -> draft.supports(separable, inputs, node.name()))
        .ifPresent(
            separable ->
                draft.fuse(
                    before,
                    node,
                    separable,
                    inputs,
                    new SeparableWeights(
                        (ConvWeights) draft.weights(before), (ConvWeights) draft.weights(node)),
                    "%s and %s".formatted(before.name(), node.name())));
  }
}
