package org.sepconv.graph.pass;

import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Quantize;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;

/** Takes out what gives what it takes: no activation, a slice of everything, a shape that is so. */
final class RemoveIdentities implements Pass {
  @Override
  public String name() {
    return "remove identities";
  }

  @Override
  public void run(Draft draft) {
    draft.forEachNode(
        node -> {
          String source = node.inputs().getFirst();
          if (isIdentity(node, draft) && !draft.isOutput(node.name())) {
            draft.bypass(node, source, "%s gives what it takes, %s".formatted(node.name(), source));
          }
        });
  }

  /** Whether it gives what it takes, whatever the size of the input. */
  private static boolean isIdentity(Graph.Node node, Draft draft) {
    String source = node.inputs().getFirst();
    if (!draft.spec(node.name()).equals(draft.spec(source))) {
      return false;
    }
    return switch (node.operation()) {
      case Activate(Activation activation) -> activation.equals(Activation.NONE);
      case Concat concat -> concat.inputCount() == 1;
      case Slice slice -> slice.start() == 0 && slice.end() == Slice.TO_END && slice.step() == 1;
      case Transpose transpose -> transpose.equals(Transpose.NONE);
      case Reshape reshape -> reshape.equals(Reshape.flatten()) && isOnePixel(source, draft);
      case Pad pad -> pad.sides().equals(Padding.valid());
      case DepthToSpace rearranged -> rearranged.block() == 1;
      case SpaceToDepth rearranged -> rearranged.block() == 1;
      case BatchNormalization _,
          Binary _,
          Convolution _,
          Gather _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Quantize _,
          Reduce _,
          ResizeLinear _,
          ResizeNearest _,
          Softmax _,
          SquareRoot _,
          TransposedConv2d _,
          Unary _ ->
          false;
    };
  }

  /** Whether a value has one pixel, whatever the size of the input. */
  private static boolean isOnePixel(String value, Draft draft) {
    return draft
        .giver(value)
        .map(
            giver ->
                switch (giver.operation()) {
                  case Reduce reduce -> reduce.ofPixels();
                  case Conv2d conv ->
                      conv.kind() == KernelKind.POINTWISE
                          && isOnePixel(giver.inputs().getFirst(), draft);
                  case Activate _, BatchNormalization _, Quantize _, SquareRoot _, Unary _ ->
                      isOnePixel(giver.inputs().getFirst(), draft);
                  case Binary _,
                      Graph _,
                      MatrixProduct _,
                      Pool2d _,
                      Rearrangement _,
                      ResizeLinear _,
                      SeparableConv2d _,
                      Softmax _,
                      TransposedConv2d _ ->
                      false;
                })
        .orElse(false);
  }
}
