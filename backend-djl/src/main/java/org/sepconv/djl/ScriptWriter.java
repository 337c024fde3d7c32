package org.sepconv.djl;

import java.util.Locale;
import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Shape;

/** Writes TorchScript source line by line, with every number a literal. */
final class ScriptWriter {
  private final StringBuilder forward = new StringBuilder();
  private final StringBuilder packs = new StringBuilder();
  private final int format;

  /**
   * @param layout of the values between input and output
   */
  ScriptWriter(Layout layout) {
    this.format = memoryFormat(layout);
  }

  /**
   * The layout between the input and the output: channels last is faster, so the input is converted
   * where the output shall have it.
   */
  static Layout inside(Layout source, Layout destination) {
    return source == Layout.NHWC ? source : destination;
  }

  /** The line before all others. */
  void begin(Iterable<String> parameters) {
    forward.append("  def forward(" + String.join(", ", parameters) + ") -> Tensor:\n");
  }

  /** A value in the order of those between the input and the output. */
  void arrange(String to, String from) {
    assign(to, "torch.contiguous(%s, memory_format=%d)", from, format);
  }

  /** The engine's number for the order of the values between the input and the output. */
  int memoryFormat() {
    return format;
  }

  /** A value in the order of a layout; does nothing where it has it. */
  void arrange(String to, String from, Layout layout) {
    assign(to, "torch.contiguous(%s, memory_format=%d)", from, memoryFormat(layout));
  }

  /** Returns a value, and ends. */
  String end(String value) {
    forward.append("    return " + value + "\n");
    return forward.toString() + packs;
  }

  /** What the engine's operator is asked for, after {@link #pad}. */
  private record Arranged(String value, int top, int left, int strideW, int height, int width) {}

  /**
   * A convolution with its residual and activation, and the method that packs its filter.
   *
   * @param to what is new; may be {@code from}
   * @param index of the filter {@code w} and the bias {@code b}
   */
  void convolve(
      String to,
      String from,
      int index,
      ConvGeometry geometry,
      Kernels kernels,
      Optional<String> residual) {
    Conv2d conv = geometry.conv();
    Arranged arranged = pad(to, from, geometry);
    Shape in = geometry.input();
    String bias = conv.bias() ? "b" + index : "None";
    String pads = pair(arranged.top, arranged.left);
    String strides = pair(conv.strideH(), arranged.strideW);
    String dilations = pair(conv.dilationH(), conv.dilationW());
    String pack;
    switch (kernels) {
      case ONEDNN -> {
        assign(
            to,
            "ops.mkldnn._convolution_pointwise(%s, w%d, %s, %s, %s, %s, %d, \"none\", [], \"\")",
            arranged.value,
            index,
            bias,
            pads,
            strides,
            dilations,
            conv.groups());
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
            to,
            "torch.conv2d(%s, w%d, %s, %s, %s, %s, %d)",
            arranged.value,
            index,
            bias,
            strides,
            pads,
            dilations,
            conv.groups());
        pack = "torch.contiguous(w, memory_format=%d)".formatted(format);
      }
      default -> throw new AssertionError(kernels);
    }
    residual.ifPresent(added -> assign(to, "torch.add_(%s, %s)", to, added));
    activate(to, conv.activation());
    packs.append(
        "  def pack%d(self: %s, w: Tensor) -> Tensor:\n    return %s\n"
            .formatted(index, ScriptArchive.SELF, pack));
  }

  /** Pads and crops where the engine's operator cannot, or does it wrong. */
  private Arranged pad(String to, String from, ConvGeometry geometry) {
    Conv2d conv = geometry.conv();
    Padding.Explicit padding = geometry.padding();
    Shape in = geometry.input();
    boolean wrong = isComputedWrong(geometry);
    if (padding.symmetric() && !exceedsKernel(conv, padding) && !wrong) {
      return new Arranged(from, padding.top(), padding.left(), conv.strideW(), in.h(), in.w());
    }
    String value = from;
    if (!padding.equals(Padding.valid())) {
      assign(
          to,
          "torch.constant_pad_nd(%s, [%d, %d, %d, %d], 0.)",
          from,
          padding.left(),
          padding.right(),
          padding.top(),
          padding.bottom());
      value = to;
    }
    int height = in.h() + padding.top() + padding.bottom();
    int width = in.w() + padding.left() + padding.right();
    if (wrong) {
      width = conv.effectiveKernelW();
      assign(to, "torch.slice(%s, 3, 0, %d)", value, width);
      value = to;
    }
    return new Arranged(value, 0, 0, wrong ? 1 : conv.strideW(), height, width);
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

  /** An activation in place of a value. */
  void activate(String x, Activation activation) {
    switch (activation) {
      case Activation.None _ -> {}
      case Activation.Relu _ -> assign(x, "torch.relu_(%s)", x);
      case Activation.Relu6 _ -> assign(x, "torch.hardtanh_(%s, 0., 6.)", x);
      case Activation.HardSwish _ -> {
        clampMin(x, -3); // the engine's own makes NaN of -infinity, by 0 times infinity
        assign(x, "torch.hardswish_(%s)", x);
      }
      case Activation.Silu _ -> {
        clampMin(x, -104); // the same; exp(104) is infinite, so that nothing else changes
        assign(x, "torch.silu_(%s)", x);
      }
      case Activation.Sigmoid _ -> assign(x, "torch.sigmoid_(%s)", x);
      case Activation.HardSigmoid _ -> assign(x, "torch.hardsigmoid_(%s)", x);
      case Activation.Gelu _ -> {
        clampMin(x, -16); // the same as for SiLU; what is below is 0 in float32
        // With AVX-512 the engine makes NaN of infinity.
        String infinite = x + "_infinite";
        assign(infinite, "torch.eq(%s, %s)", x, literal(Float.POSITIVE_INFINITY));
        assign(x, "torch.gelu_(%s)", x);
        assign(x, "%s.masked_fill_(%s, %s)", x, infinite, literal(Float.POSITIVE_INFINITY));
      }
      case Activation.Tanh _ -> assign(x, "torch.tanh_(%s)", x);
      case Activation.LeakyRelu leaky ->
          assign(x, "torch.leaky_relu_(%s, %s)", x, literal(leaky.slope()));
      case Activation.Clamp clamp -> {
        clampMin(x, clamp.min());
        if (clamp.max() != Float.POSITIVE_INFINITY) {
          assign(x, "torch.clamp_max_(%s, %s)", x, literal(clamp.max()));
        }
      }
    }
  }

  private void clampMin(String x, float min) {
    if (min != Float.NEGATIVE_INFINITY) {
      assign(x, "torch.clamp_min_(%s, %s)", x, literal(min));
    }
  }

  /** {@code to = expression}. */
  void assign(String to, String expression, Object... arguments) {
    forward
        .append("    " + to + " = ")
        .append(String.format(Locale.ROOT, expression, arguments))
        .append('\n');
  }

  private static String pair(int vertical, int horizontal) {
    return "[" + vertical + ", " + horizontal + "]";
  }

  /** Exact: the engine reads a double and rounds it to the same float. */
  static String literal(float value) {
    return Float.isFinite(value)
        ? Double.toString(value)
        : "float('%s')".formatted(Float.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");
  }

  /** The engine's number of {@code torch.contiguous_format} or {@code torch.channels_last}. */
  private static int memoryFormat(Layout layout) {
    return layout == Layout.NCHW ? 0 : 2;
  }
}
