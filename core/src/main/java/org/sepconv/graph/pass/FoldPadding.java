package org.sepconv.graph.pass;

import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Pad;
import org.sepconv.Padding;

/** Zeros around an image become the padding of the convolution behind them. */
final class FoldPadding implements Pass {
  @Override
  public String name() {
    return "fold padding";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          if (node.operation() instanceof Conv2d conv
              && conv.padding() instanceof Padding.Explicit inner) {
            draft.onlyGiver(node, 0).ifPresent(before -> fold(draft, before, node, conv, inner));
          }
        });
  }

  private static void fold(
      Draft draft, Graph.Node before, Graph.Node node, Conv2d conv, Padding.Explicit inner) {
    if (!(before.operation() instanceof Pad(Padding.Explicit outer, Pad.Mode mode, float value))
        || mode != Pad.Mode.CONSTANT
        || value != 0) {
      return;
    }
    Conv2d padded =
        conv.withPadding(
            Padding.of(
                outer.top() + inner.top(),
                outer.left() + inner.left(),
                outer.bottom() + inner.bottom(),
                outer.right() + inner.right()));
    List<String> inputs = Inputs.replaced(node, 0, before.inputs().getFirst());
    if (draft.supports(padded, inputs, node.name())) {
      draft.fuse(
          before,
          node,
          padded,
          inputs,
          draft.weights(node),
          "%s is the padding of %s".formatted(before.name(), node.name()));
    }
  }
}
