package org.sepconv.djl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Shape;

/**
 * One or more convolutions, one after the other, as TorchScript source, with every number a
 * literal:
 *
 * <pre>
 *   def forward(self, x, w0, b0, w1, r):   the filters, packed, the biases and the residual that there are
 *     x = ops.mkldnn._convolution_pointwise(x, w0, b0, [1, 1], [1, 1], [1, 1], 64, "none", [], "")
 *     x = torch.relu_(x)
 *     x = ops.mkldnn._convolution_pointwise(x, w1, None, ...)
 *     x = torch.add_(x, r)
 *     return torch.contiguous(x, memory_format=2)
 *   def pack0(self, w):                 a filter into the order that the convolution wants
 * </pre>
 *
 * <p>Packed filters save the engine from reordering them in every run, and an activation in place
 * saves a tensor: separable 56x56x64 in 272 instead of 390 us, 14x14x512 in 610 instead of 711 (one
 * thread, NHWC, ReLU, against the engine's operators called one by one).
 *
 * <p>oneDNN could apply the activation as well, for another 10 % at 56x56 and nothing at 14x14. But
 * its ReLU and its clamp turn NaN into a number, and looking for NaN in the input first costs what
 * is saved.
 */
final class ConvolutionScript {
  private final StringBuilder forward = new StringBuilder();
  private final StringBuilder packs = new StringBuilder();
  private final int format;

  private ConvolutionScript(Layout layout) {
    this.format = memoryFormat(layout);
  }

  /**
   * The layout between the input and the output: channels last is faster, so the input is converted
   * where the output shall have it.
   */
  static Layout inside(Layout source, Layout destination) {
    return source == Layout.NHWC ? source : destination;
  }

  /**
   * The source of all methods.
   *
   * @param stages the convolutions, each with the geometry that the one before gives
   * @param kernels of each stage
   * @param source the layout of the input
   * @param destination the layout of the output
   */
  static String of(
      List<ConvGeometry> stages, List<Kernels> kernels, Layout source, Layout destination) {
    Layout inside = inside(source, destination);
    ConvolutionScript script = new ConvolutionScript(inside);
    List<String> parameters = new ArrayList<>(List.of("self: " + ScriptArchive.SELF, "x: Tensor"));
    for (int i = 0; i < stages.size(); i++) {
      parameters.add("w" + i + ": Tensor");
      if (stages.get(i).conv().bias()) {
        parameters.add("b" + i + ": Tensor");
      }
    }
    if (stages.getLast().conv().residual()) {
      parameters.add("r: Tensor");
    }
    script.forward.append("  def forward(" + String.join(", ", parameters) + ") -> Tensor:\n");
    if (source != inside) {
      script.assign("torch.contiguous(x, memory_format=%d)", script.format);
    }
    for (int i = 0; i < stages.size(); i++) {
      script.stage(i, stages.get(i), kernels.get(i));
    }
    // Does nothing where the engine kept to the format, which it nearly always does.
    script.assign("torch.contiguous(x, memory_format=%d)", memoryFormat(destination));
    script.forward.append("    return x\n");
    return script.forward.toString() + script.packs;
  }

  /** What the engine's operator is asked for, after {@link #arrange}. */
  private record Arranged(int top, int left, int strideW, int height, int width) {}

  private void stage(int index, ConvGeometry geometry, Kernels kernels) {
    Conv2d conv = geometry.conv();
    Arranged arranged = arrange(geometry);
    Shape in = geometry.input();
    String bias = conv.bias() ? "b" + index : "None";
    String pads = pair(arranged.top, arranged.left);
    String strides = pair(conv.strideH(), arranged.strideW);
    String dilations = pair(conv.dilationH(), conv.dilationW());
    String pack;
    switch (kernels) {
      case ONEDNN -> {
        assign(
            "ops.mkldnn._convolution_pointwise(x, w%d, %s, %s, %s, %s, %d, \"none\", [], \"\")",
            index, bias, pads, strides, dilations, conv.groups());
        pack =
            "ops.mkldnn._reorder_convolution_weight(w, %s, %s, %s, %d, [%d, %d, %d, %d])"
                .formatted(
                    pads,
                    strides,
                    dilations,
                    conv.groups(),
                    in.n(),
                    in.c(),
                    arranged.height,
                    arranged.width);
      }
      case ENGINE -> {
        assign(
            "torch.conv2d(x, w%d, %s, %s, %s, %s, %d)",
            index, bias, strides, pads, dilations, conv.groups());
        pack = "torch.contiguous(w, memory_format=%d)".formatted(format);
      }
      default -> throw new AssertionError(kernels);
    }
    if (conv.residual()) {
      assign("torch.add_(x, r)");
    }
    activate(conv.activation());
    packs.append(
        "  def pack%d(self: %s, w: Tensor) -> Tensor:\n    return %s\n"
            .formatted(index, ScriptArchive.SELF, pack));
  }

  /** Pads and crops where the engine's operator cannot, or does it wrong. */
  private Arranged arrange(ConvGeometry geometry) {
    Conv2d conv = geometry.conv();
    Padding.Explicit padding = geometry.padding();
    Shape in = geometry.input();
    boolean wrong = isComputedWrong(geometry);
    if (padding.symmetric() && !exceedsKernel(conv, padding) && !wrong) {
      return new Arranged(padding.top(), padding.left(), conv.strideW(), in.h(), in.w());
    }
    if (!padding.equals(Padding.valid())) {
      assign(
          "torch.constant_pad_nd(x, [%d, %d, %d, %d], 0.)",
          padding.left(), padding.right(), padding.top(), padding.bottom());
    }
    int height = in.h() + padding.top() + padding.bottom();
    int width = in.w() + padding.left() + padding.right();
    if (wrong) {
      width = conv.effectiveKernelW();
      assign("torch.slice(x, 3, 0, %d)", width);
    }
    return new Arranged(0, 0, wrong ? 1 : conv.strideW(), height, width);
  }

  /**
   * oneDNN in PyTorch 2.7.1, packed or not, gives wrong sums in all rows but the first for one
   * input channel, one column of output and a horizontal stride alone. That stride is never taken,
   * so the columns behind the kernel can be cut off and the stride be 1.
   */
  private static boolean isComputedWrong(ConvGeometry geometry) {
    Conv2d conv = geometry.conv();
    return conv.inChannels() == 1 && geometry.output().w() == 1 && conv.strideW() > 1;
  }

  /** Outputs of padding only: not every kernel of the engine is made for them. */
  private static boolean exceedsKernel(Conv2d conv, Padding.Explicit padding) {
    return Math.max(padding.top(), padding.bottom()) >= conv.effectiveKernelH()
        || Math.max(padding.left(), padding.right()) >= conv.effectiveKernelW();
  }

  private void activate(Activation activation) {
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> assign("torch.relu_(x)");
      case Activation.Relu6 _ -> assign("torch.hardtanh_(x, 0., 6.)");
      case Activation.HardSwish _ -> {
        clampMin(-3); // the engine's own makes NaN of -infinity, by 0 times infinity
        assign("torch.hardswish_(x)");
      }
      case Activation.Silu _ -> {
        clampMin(-104); // the same; exp(104) is infinite, so that nothing else changes
        assign("torch.silu_(x)");
      }
      case Activation.Sigmoid _ -> assign("torch.sigmoid_(x)");
      case Activation.HardSigmoid _ -> assign("torch.hardsigmoid_(x)");
      case Activation.Gelu _ -> {
        clampMin(-16); // the same as for SiLU; what is below is 0 in float32
        assign("torch.gelu_(x)");
      }
      case Activation.Tanh _ -> assign("torch.tanh_(x)");
      case Activation.LeakyRelu leaky -> assign("torch.leaky_relu_(x, %s)", literal(leaky.slope()));
      case Activation.Clamp clamp -> {
        clampMin(clamp.min());
        if (clamp.max() != Float.POSITIVE_INFINITY) {
          assign("torch.clamp_max_(x, %s)", literal(clamp.max()));
        }
      }
    }
  }

  private void clampMin(float min) {
    if (min != Float.NEGATIVE_INFINITY) {
      assign("torch.clamp_min_(x, %s)", literal(min));
    }
  }

  private void assign(String expression, Object... arguments) {
    forward
        .append("    x = ")
        .append(String.format(Locale.ROOT, expression, arguments))
        .append('\n');
  }

  private static String pair(int vertical, int horizontal) {
    return "[" + vertical + ", " + horizontal + "]";
  }

  /** Exact: the engine reads a double and rounds it to the same float. */
  private static String literal(float value) {
    if (Float.isInfinite(value)) {
      throw new IllegalArgumentException("there is no literal for " + value);
    }
    return Double.toString(value);
  }

  /** The engine's number of {@code torch.contiguous_format} or {@code torch.channels_last}. */
  private static int memoryFormat(Layout layout) {
    return layout == Layout.NCHW ? 0 : 2;
  }
}
