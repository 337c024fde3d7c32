package org.sepconv.cli.show;

import java.util.ArrayList;
import java.util.List;
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

/** The weights of an operation, in words. */
final class WeightText {
  private WeightText() {}

  /** A line for each array: {@code filter 64x3x3x3}, as PyTorch and ONNX order it. */
  static List<String> of(Operation operation) {
    List<String> lines = new ArrayList<>();
    switch (operation) {
      case Conv2d conv -> add(conv, "", lines);
      case SeparableConv2d(Conv2d depthwise, Conv2d pointwise) -> {
        add(depthwise, "depthwise ", lines);
        add(pointwise, "pointwise ", lines);
      }
      case TransposedConv2d conv -> {
        lines.add(
            "filter %dx%dx%dx%d"
                .formatted(
                    conv.inChannels(), conv.outputsPerGroup(), conv.kernelH(), conv.kernelW()));
        if (conv.bias()) {
          lines.add("bias " + conv.outChannels());
        }
      }
      case BatchNormalization norm ->
          lines.add("mean, variance, gamma and beta of %d channels".formatted(norm.channels()));
      case Elementwise _,
          Graph _,
          MatrixProduct _,
          Pool2d _,
          Rearrangement _,
          Reduce _,
          ResizeLinear _,
          Softmax _ -> {}
    }
    return List.copyOf(lines);
  }

  private static void add(Conv2d conv, String stage, List<String> lines) {
    lines.add(
        "%sfilter %dx%dx%dx%d"
            .formatted(
                stage,
                conv.outChannels(),
                conv.inChannels() / conv.groups(),
                conv.kernelH(),
                conv.kernelW()));
    if (conv.bias()) {
      lines.add("%sbias %d".formatted(stage, conv.outChannels()));
    }
  }
}
