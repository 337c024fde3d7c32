package org.sepconv.graph.pass;

import org.sepconv.Activation;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TransposedConv2d;

/** A batch norm behind a convolution becomes a part of its filter and bias. */
final class FoldBatchNorm implements Pass {
  @Override
  public String name() {
    return "fold batch norm";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          if (node.operation() instanceof BatchNormalization) {
            draft.onlyGiver(node, 0).ifPresent(before -> fold(draft, before, node));
          }
        });
  }

  private static void fold(Draft draft, Graph.Node before, Graph.Node node) {
    BatchNorm norm = (BatchNorm) draft.weights(node);
    String change = "%s is a part of %s".formatted(node.name(), before.name());
    if (before.operation() instanceof Conv2d conv && foldsInto(conv)) {
      BatchNorm.Folded folded = norm.fold(conv, (ConvWeights) draft.weights(before));
      draft.fuse(before, node, folded.conv(), before.inputs(), folded.weights(), change);
    } else if (before.operation() instanceof TransposedConv2d conv
        && conv.activation().equals(Activation.NONE)) {
      ConvWeights folded = norm.fold(conv, (ConvWeights) draft.weights(before));
      draft.fuse(before, node, conv.withBias(true), before.inputs(), folded, change);
    } else if (before.operation() instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)
        && foldsInto(pointwise)) {
      SeparableWeights both = (SeparableWeights) draft.weights(before);
      BatchNorm.Folded folded = norm.fold(pointwise, both.pointwise());
      draft.fuse(
          before,
          node,
          new SeparableConv2d(depthwise, folded.conv()),
          before.inputs(),
          new SeparableWeights(both.depthwise(), folded.weights()),
          change);
    }
  }

  /** Nothing may come between: neither an activation nor a residual. */
  private static boolean foldsInto(Conv2d conv) {
    return conv.activation().equals(Activation.NONE) && !conv.residual();
  }
}
