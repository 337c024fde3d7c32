package org.sepconv;

import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * A transposed two-dimensional convolution, also called deconvolution: what moves a gradient back
 * through a {@link Conv2d} of the same numbers. Every value of the input adds its multiple of the
 * filter to the output; with a stride the output is larger than the input.
 *
 * <pre>
 *   out[n, o, y, x] = activation(bias[o] + sum over c, i, j, v, w of
 *       in[n, c, v, w] * filter[c, o - g * O/groups, i, j]
 *       where y = v * strideH - top + i * dilationH,  x = w * strideW - left + j * dilationW)
 *       c in group g = o / (O / groups)
 * </pre>
 *
 * <p>Its weights are {@link ConvWeights} with a filter in C x O/groups x KH x KW order, PyTorch's
 * and ONNX's: input channels come first.
 *
 * @param inChannels C
 * @param outChannels O
 * @param strideH rows of output between two rows of input
 * @param dilationH distance between the rows of output that two rows of the filter add to; 1 = none
 * @param padding rows and columns of output that are left out on each side
 * @param outputPaddingH rows that the output has more at its lower end, less than the stride or
 *     than the dilation: of several sizes that a convolution makes the same of, which one
 * @param outputPaddingW columns that it has more on the right
 * @param groups divides C and O
 * @param bias whether a bias of O values is added
 */
public record TransposedConv2d(
    int inChannels,
    int outChannels,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int dilationH,
    int dilationW,
    Padding.Explicit padding,
    int outputPaddingH,
    int outputPaddingW,
    int groups,
    boolean bias,
    Activation activation)
    implements Operation {

  /**
   * @throws IllegalArgumentException if a value is out of range, naming it
   */
  public TransposedConv2d {
    Objects.requireNonNull(padding, "padding");
    Objects.requireNonNull(activation, "activation");
    convolution(
        inChannels, outChannels, kernelH, kernelW, strideH, strideW, dilationH, dilationW, groups);
    requireLess("vertical", outputPaddingH, Math.max(strideH, dilationH));
    requireLess("horizontal", outputPaddingW, Math.max(strideW, dilationW));
  }

  /** The convolution whose transpose it is: its numbers have the same bounds. */
  private static Conv2d convolution(
      int inChannels,
      int outChannels,
      int kernelH,
      int kernelW,
      int strideH,
      int strideW,
      int dilationH,
      int dilationW,
      int groups) {
    return Conv2d.of(inChannels, outChannels)
        .kernel(kernelH, kernelW)
        .stride(strideH, strideW)
        .dilation(dilationH, dilationW)
        .groups(groups)
        .build();
  }

  private static void requireLess(String which, int rows, int bound) {
    if (rows < 0 || rows >= bound) {
      throw new IllegalArgumentException(
          "%s output padding is %d, but must be from 0 to %d, less than the stride or the dilation"
              .formatted(which, rows, bound - 1));
    }
  }

  /** The kernel is 1 x 1 until {@code kernel} says otherwise. */
  public static Builder of(int inChannels, int outChannels) {
    return new Builder(inChannels, outChannels);
  }

  /** Input channels that each output channel sees: C / groups. */
  public int channelsPerGroup() {
    return inChannels / groups;
  }

  /** Output channels of each group: O / groups. */
  public int outputsPerGroup() {
    return outChannels / groups;
  }

  /** Values of the filter: C x O/groups x KH x KW. */
  public int filterSize() {
    return inChannels * outputsPerGroup() * kernelH * kernelW;
  }

  /**
   * Products that are summed for one output value at most: fewer taps meet where the stride is
   * larger than 1.
   */
  public int productsPerOutput() {
    return channelsPerGroup()
        * meeting(kernelH, strideH, dilationH)
        * meeting(kernelW, strideW, dilationW);
  }

  /** Taps that add to the same row or column of the output: every {@code stride / gcd}th. */
  private static int meeting(int kernel, int stride, int dilation) {
    int divisor = BigInteger.valueOf(stride).gcd(BigInteger.valueOf(dilation)).intValue();
    return Math.ceilDiv(kernel, stride / divisor);
  }

  /** The row of output that filter row {@code i} adds input row {@code v} to; may be outside. */
  public int outputRow(int v, int i) {
    return v * strideH - padding.top() + i * dilationH;
  }

  /** The column of output that filter column {@code j} adds input column {@code w} to. */
  public int outputColumn(int w, int j) {
    return w * strideW - padding.left() + j * dilationW;
  }

  @Override
  public KernelKind kind() {
    return KernelKind.TRANSPOSED;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public boolean hasWeights() {
    return true;
  }

  @Override
  public List<Activation> activations() {
    return List.of(activation);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape input = Inputs.only(this, inputs);
    if (input.c() != inChannels) {
      throw new IllegalArgumentException(
          "input has %d channels, but the filter expects %d".formatted(input.c(), inChannels));
    }
    int height =
        outputs(
            "height",
            (input.h() - 1L) * strideH + (kernelH - 1L) * dilationH + 1 + outputPaddingH,
            (long) padding.top() + padding.bottom());
    int width =
        outputs(
            "width",
            (input.w() - 1L) * strideW + (kernelW - 1L) * dilationW + 1 + outputPaddingW,
            (long) padding.left() + padding.right());
    return List.of(new Shape(input.n(), outChannels, height, width));
  }

  private static int outputs(String what, long size, long padding) {
    if (size <= padding) {
      throw new IllegalArgumentException(
          "the output would be empty: of a %s of %d the padding leaves out %d"
              .formatted(what, size, padding));
    }
    return (int) Math.min(size - padding, Integer.MAX_VALUE);
  }

  /** The same with another activation. */
  public TransposedConv2d withActivation(Activation other) {
    return toBuilder().activation(other).build();
  }

  /** The same with or without a bias. */
  public TransposedConv2d withBias(boolean hasBias) {
    return toBuilder().bias(hasBias).build();
  }

  private Builder toBuilder() {
    return new Builder(inChannels, outChannels)
        .kernel(kernelH, kernelW)
        .stride(strideH, strideW)
        .dilation(dilationH, dilationW)
        .padding(padding)
        .outputPadding(outputPaddingH, outputPaddingW)
        .groups(groups)
        .bias(bias)
        .activation(activation);
  }

  /** {@code transposed 2x2 24->24 stride 2x2 bias relu}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("transposed ");
    text.append(kernelH).append('x').append(kernelW);
    text.append(' ').append(inChannels).append("->").append(outChannels);
    if (groups > 1) {
      text.append(" groups ").append(groups);
    }
    text.append(" stride ").append(strideH).append('x').append(strideW);
    if (dilationH > 1 || dilationW > 1) {
      text.append(" dilation ").append(dilationH).append('x').append(dilationW);
    }
    if (!padding.equals(Padding.valid())) {
      text.append(" padding ").append(padding);
    }
    if (outputPaddingH > 0 || outputPaddingW > 0) {
      text.append(" output padding ").append(outputPaddingH).append('x').append(outputPaddingW);
    }
    if (bias) {
      text.append(" bias");
    }
    if (!activation.equals(Activation.NONE)) {
      text.append(' ').append(activation);
    }
    return text.toString();
  }

  /** Builds a {@link TransposedConv2d}: stride 1, nothing padded, no bias, no activation. */
  public static final class Builder extends WindowBuilder<Builder> {
    private final int inChannels;
    private final int outChannels;
    private Padding.Explicit padding = new Padding.Explicit(0, 0, 0, 0);
    private int outputPaddingH;
    private int outputPaddingW;
    private int groups = 1;
    private boolean bias;
    private Activation activation = Activation.NONE;

    private Builder(int inChannels, int outChannels) {
      this.inChannels = inChannels;
      this.outChannels = outChannels;
    }

    @Override
    Builder self() {
      return this;
    }

    /** Rows and columns of output that are left out. */
    public Builder padding(Padding.Explicit sides) {
      padding = sides;
      return this;
    }

    /** The same number on all four sides. */
    public Builder padding(int all) {
      return padding(new Padding.Explicit(all, all, all, all));
    }

    /** Rows and columns that the output has more. */
    public Builder outputPadding(int vertical, int horizontal) {
      outputPaddingH = vertical;
      outputPaddingW = horizontal;
      return this;
    }

    public Builder groups(int count) {
      groups = count;
      return this;
    }

    public Builder bias() {
      return bias(true);
    }

    public Builder bias(boolean hasBias) {
      bias = hasBias;
      return this;
    }

    public Builder activation(Activation function) {
      activation = function;
      return this;
    }

    /**
     * The transposed convolution.
     *
     * @throws IllegalArgumentException if a value is out of range, naming it
     */
    public TransposedConv2d build() {
      return new TransposedConv2d(
          inChannels,
          outChannels,
          kernelH,
          kernelW,
          strideH,
          strideW,
          dilationH,
          dilationW,
          padding,
          outputPaddingH,
          outputPaddingW,
          groups,
          bias,
          activation);
    }
  }
}
