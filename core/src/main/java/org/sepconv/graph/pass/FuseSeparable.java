package org.sepconv.graph.pass;

import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
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
          if (node.operation() instanceof Conv2d pointwise
              && pointwise.kind() == KernelKind.POINTWISE) {
            draft.onlyGiver(node, 0).ifPresent(before -> fuse(draft, before, node, pointwise));
          }
        });
  }

  private static void fuse(Draft draft, Graph.Node before, Graph.Node node, Conv2d pointwise) {
    if (!(before.operation() instanceof Conv2d depthwise)
        || depthwise.kind() != KernelKind.DEPTHWISE
        || depthwise.residual()) {
      return;
    }
    SeparableConv2d separable;
    try {
      separable = new SeparableConv2d(depthwise, pointwise);
    } catch (IllegalArgumentException _) {
      return; // the pointwise one strides or pads
    }
    var inputs = Inputs.replaced(node, 0, before.inputs().getFirst());
    if (draft.supports(separable, inputs, node.name())) {
      draft.fuse(
          before,
          node,
          separable,
          inputs,
          new SeparableWeights(
              (ConvWeights) draft.weights(before), (ConvWeights) draft.weights(node)),
          "%s and %s".formatted(before.name(), node.name()));
    }
  }
}
