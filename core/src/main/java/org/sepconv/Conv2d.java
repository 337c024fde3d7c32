package org.sepconv;

import java.util.List;
import java.util.Objects;

/**
 * A two-dimensional convolution (cross-correlation, as in every deep learning framework): standard,
 * grouped, depthwise and pointwise are all cases of it.
 *
 * <pre>
 *   out[n, o, y, x] = activation(bias[o] + residual[n, o, y, x] + sum over c, i, j of
 *       in[n, g * C/groups + c, y * strideH - top + i * dilationH, x * strideW - left + j * dilationW]
 *       * filter[o, c, i, j])          g = o / (O / groups); the padding reads as zeros
 * </pre>
 *
 * @param inChannels C
 * @param outChannels O
 * @param kernelH rows of the filter
 * @param kernelW columns of the filter
 * @param dilationH distance between the rows of input that two rows of the filter meet; 1 = none
 * @param dilationW the same for columns
 * @param groups divides C and O; C for a depthwise convolution, whose multiplier is O / C
 * @param bias whether a bias of O values is added
 * @param residual whether a tensor of the output's shape is added before the activation
 */
public record Conv2d(
    int inChannels,
    int outChannels,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    int dilationH,
    int dilationW,
    Padding padding,
    int groups,
    boolean bias,
    boolean residual,
    Activation activation)
    implements Convolution {

  public Conv2d {
    requirePositive("input channels", inChannels);
    requirePositive("output channels", outChannels);
    requirePositive("kernel height", kernelH);
    requirePositive("kernel width", kernelW);
    requirePositive("vertical stride", strideH);
    requirePositive("horizontal stride", strideW);
    requirePositive("vertical dilation", dilationH);
    requirePositive("horizontal dilation", dilationW);
    requirePositive("groups", groups);
    Objects.requireNonNull(padding, "padding");
    Objects.requireNonNull(activation, "activation");
    requireDivides(groups, "input", inChannels);
    requireDivides(groups, "output", outChannels);
    requireFits("effective kernel height", dilationH * (kernelH - 1.0) + 1);
    requireFits("effective kernel width", dilationW * (kernelW - 1.0) + 1);
    int channelsPerGroup = inChannels / groups;
    requireFits(
        "number of filter values", (double) outChannels * channelsPerGroup * kernelH * kernelW);
  }

  /** A standard convolution; the kernel is 1 x 1 until {@code kernel} says otherwise. */
  public static Builder of(int inChannels, int outChannels) {
    return new Builder(inChannels, outChannels, 1);
  }

  /** A depthwise convolution: each of the channels on its own. */
  public static Builder depthwise(int channels) {
    return depthwise(channels, 1);
  }

  /** A depthwise convolution with {@code multiplier} output channels for each input channel. */
  public static Builder depthwise(int channels, int multiplier) {
    requirePositive("input channels", channels);
    requirePositive("depth multiplier", multiplier);
    requireFits("number of output channels", (double) channels * multiplier);
    return new Builder(channels, channels * multiplier, channels);
  }

  /** A 1 x 1 convolution: each pixel on its own. */
  public static Builder pointwise(int inChannels, int outChannels) {
    return new Builder(inChannels, outChannels, 1);
  }

  /** Which case this is. With one input channel there is one group: STANDARD or POINTWISE. */
  @Override
  public KernelKind kind() {
    if (groups == 1) {
      return kernelH == 1 && kernelW == 1 ? KernelKind.POINTWISE : KernelKind.STANDARD;
    }
    return groups == inChannels ? KernelKind.DEPTHWISE : KernelKind.GROUPED;
  }

  /** Input channels that each output channel sees: C / groups. */
  public int channelsPerGroup() {
    return inChannels / groups;
  }

  /** Output channels of each group: O / groups; for depthwise the depth multiplier. */
  public int outputsPerGroup() {
    return outChannels / groups;
  }

  /** Rows of input that the filter spans: {@code dilation * (kernel - 1) + 1}. */
  public int effectiveKernelH() {
    return dilationH * (kernelH - 1) + 1;
  }

  /** Columns of input that the filter spans. */
  public int effectiveKernelW() {
    return dilationW * (kernelW - 1) + 1;
  }

  /** Values of the filter: O x C/groups x KH x KW. */
  public int filterSize() {
    return outChannels * channelsPerGroup() * kernelH * kernelW;
  }

  /** Products that are summed for one output value (without the bias). */
  public int productsPerOutput() {
    return channelsPerGroup() * kernelH * kernelW;
  }

  /**
   * All numbers of this convolution for one input shape: padding resolved, output computed.
   *
   * @throws IllegalArgumentException if the channels do not match or no output would be left
   */
  public ConvGeometry geometry(Shape input) {
    return ConvGeometry.of(this, input);
  }

  @Override
  public Shape outputShape(Shape input) {
    return geometry(input).output();
  }

  @Override
  public List<Activation> activations() {
    return List.of(activation);
  }

  /** The same convolution with or without a bias. */
  public Conv2d withBias(boolean hasBias) {
    return toBuilder().bias(hasBias).build();
  }

  /** The same convolution with or without a residual. */
  public Conv2d withResidual(boolean addsResidual) {
    return toBuilder().residual(addsResidual).build();
  }

  /** The same convolution with another activation. */
  public Conv2d withActivation(Activation other) {
    return toBuilder().activation(other).build();
  }

  /** The same convolution with another padding. */
  public Conv2d withPadding(Padding other) {
    return toBuilder().padding(other).build();
  }

  /** A builder that starts from this convolution. */
  public Builder toBuilder() {
    return new Builder(inChannels, outChannels, groups)
        .kernel(kernelH, kernelW)
        .stride(strideH, strideW)
        .dilation(dilationH, dilationW)
        .padding(padding)
        .bias(bias)
        .residual(residual)
        .activation(activation);
  }

  /** One line: {@code depthwise 3x3 64->64 stride 2 padding same bias relu6}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(kind().name().toLowerCase(java.util.Locale.ROOT));
    text.append(' ').append(kernelH).append('x').append(kernelW);
    text.append(' ').append(inChannels).append("->").append(outChannels);
    if (kind() == KernelKind.GROUPED) {
      text.append(" groups ").append(groups);
    }
    text.append(pair(" stride ", strideH, strideW, 1));
    text.append(pair(" dilation ", dilationH, dilationW, 1));
    if (!padding.equals(Padding.valid())) {
      text.append(" padding ").append(padding);
    }
    if (bias) {
      text.append(" bias");
    }
    if (residual) {
      text.append(" residual");
    }
    if (!activation.equals(Activation.NONE)) {
      text.append(' ').append(activation);
    }
    return text.toString();
  }

  private static String pair(String name, int vertical, int horizontal, int usual) {
    if (vertical == usual && horizontal == usual) {
      return "";
    }
    return name + (vertical == horizontal ? "" + vertical : vertical + "x" + horizontal);
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, but must be at least 1".formatted(what, value));
    }
  }

  private static void requireFits(String what, double value) {
    if (value > Shape.MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "%s is %.0f, more than the %d that one array can hold"
              .formatted(what, value, Shape.MAX_ELEMENTS));
    }
  }

  private static void requireDivides(int groups, String which, int channels) {
    if (channels % groups != 0) {
      throw new IllegalArgumentException(
          "%d groups do not divide %d %s channels".formatted(groups, channels, which));
    }
  }

  /**
   * Builds a {@link Conv2d}: stride 1, no dilation, no padding, no bias, no residual, no
   * activation.
   */
  public static final class Builder extends ConvolutionBuilder<Builder> {
    private final int inChannels;
    private final int outChannels;
    private int groups;
    private boolean bias;
    private boolean residual;
    private Activation activation = Activation.NONE;

    private Builder(int inChannels, int outChannels, int groups) {
      this.inChannels = inChannels;
      this.outChannels = outChannels;
      this.groups = groups;
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

    @Override
    public Builder residual(boolean addsResidual) {
      residual = addsResidual;
      return this;
    }

    @Override
    public Builder activation(Activation function) {
      activation = function;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The convolution.
     *
     * @throws IllegalArgumentException if a value is out of range, naming it
     */
    public Conv2d build() {
      return new Conv2d(
          inChannels,
          outChannels,
          kernelH,
          kernelW,
          strideH,
          strideW,
          dilationH,
          dilationW,
          padding,
          groups,
          bias,
          residual,
          activation);
    }
  }
}
