package org.sepconv.cli.cost;

import java.util.Locale;
import java.util.stream.Collectors;
import org.sepconv.BatchNormalization;
import org.sepconv.Conv2d;
import org.sepconv.Elementwise;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pool2d;
import org.sepconv.Rearrangement;
import org.sepconv.Reduce;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Softmax;
import org.sepconv.TransposedConv2d;

/** What an operation is, in few words. */
public final class OperationText {
  private OperationText() {}

  /**
   * {@code depthwise 3x3/2}: of convolutions without channels, padding, bias and activation; of two
   * nodes that one kernel computes both.
   */
  public static String brief(Operation operation) {
    return switch (operation) {
      case SeparableConv2d separable -> "separable " + window(separable.depthwise());
      case Conv2d conv -> conv.kind().name().toLowerCase(Locale.ROOT) + " " + window(conv);
      case Graph joined when joined.nodes().size() == 2 ->
          joined.nodes().stream()
              .map(node -> brief(node.operation()))
              .collect(Collectors.joining(", "));
      case BatchNormalization _,
          Elementwise _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _,
          TransposedConv2d _ ->
          operation.toString();
    };
  }

  /** Kernel and, after a slash, stride: {@code 3x3/2}. */
  private static String window(Conv2d conv) {
    String kernel = conv.kernelH() + "x" + conv.kernelW();
    return conv.strideH() == 1 ? kernel : kernel + "/" + conv.strideH();
  }
}
