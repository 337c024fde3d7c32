package org.sepconv;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A depthwise-separable convolution: a depthwise K x K convolution, then a pointwise 1 x 1 one.
 *
 * <p>The activation of the depthwise stage is applied between the two. A backend may fuse both, so
 * that the values between them never reach main memory. A residual is added by the pointwise stage.
 */
public record SeparableConv2d(Conv2d depthwise, Conv2d pointwise) implements Convolution {

  public SeparableConv2d {
    Objects.requireNonNull(depthwise, "depthwise");
    Objects.requireNonNull(pointwise, "pointwise");
    if (depthwise.groups() != depthwise.inChannels()) {
      throw new IllegalArgumentException(
          "the depthwise stage has %d groups, but must have as many as input channels, %d"
              .formatted(depthwise.groups(), depthwise.inChannels()));
    }
    if (depthwise.residual()) {
      throw new IllegalArgumentException(
          "the depthwise stage adds a residual, but only the pointwise one can: " + depthwise);
    }
    if (pointwise.kind() != KernelKind.POINTWISE
        || pointwise.strideH() != 1
        || pointwise.strideW() != 1
        || !pointwise.padding().resolve(1, 1, 1, 1, 1, 1).equals(Padding.valid())) {
      throw new IllegalArgumentException(
          "the pointwise stage must be 1x1 with one group, stride 1 and no padding, but is: "
              + pointwise);
    }
    if (pointwise.inChannels() != depthwise.outChannels()) {
      throw new IllegalArgumentException(
          "the depthwise stage gives %d channels, but the pointwise stage expects %d"
              .formatted(depthwise.outChannels(), pointwise.inChannels()));
    }
  }

  /** A separable convolution; the kernel is 3 x 3 until {@code kernel} says otherwise. */
  public static Builder of(int inChannels, int outChannels) {
    return new Builder(inChannels, outChannels);
  }

  /**
   * The separable convolution that two operations, one after the other, are; empty if they are
   * none.
   */
  public static Optional<SeparableConv2d> joining(Operation first, Operation second) {
    if (first instanceof Conv2d depthwise
        && second instanceof Conv2d pointwise
        && depthwise.kind() == KernelKind.DEPTHWISE
        && !depthwise.residual()
        && pointwise.kind() == KernelKind.POINTWISE) {
      try {
        return Optional.of(new SeparableConv2d(depthwise, pointwise));
      } catch (IllegalArgumentException _) {
        return Optional.empty(); // the pointwise one strides or pads
      }
    }
    return Optional.empty();
  }

  @Override
  public KernelKind kind() {
    return KernelKind.SEPARABLE;
  }

  @Override
  public List<Activation> activations() {
    return List.of(depthwise.activation(), pointwise.activation());
  }

  @Override
  public int inChannels() {
    return depthwise.inChannels();
  }

  @Override
  public int outChannels() {
    return pointwise.outChannels();
  }

  @Override
  public boolean residual() {
    return pointwise.residual();
  }

  @Override
  public Shape outputShape(Shape input) {
    return pointwise.outputShape(depthwise.outputShape(input));
  }

  /**
   * The standard convolution that this one replaces: the same kernel, stride, dilation and padding,
   * all input channels to all output channels, with the bias, residual and activation of the
   * pointwise stage.
   */
  public Conv2d equivalentStandard() {
    return new Conv2d(
        inChannels(),
        outChannels(),
        depthwise.kernelH(),
        depthwise.kernelW(),
        depthwise.strideH(),
        depthwise.strideW(),
        depthwise.dilationH(),
        depthwise.dilationW(),
        depthwise.padding(),
        1,
        pointwise.bias(),
        pointwise.residual(),
        pointwise.activation());
  }

  /** One line: {@code separable [depthwise 3x3 32->32 ... + pointwise 1x1 32->64 ...]}. */
  @Override
  public String toString() {
    // With one channel kind() is STANDARD or POINTWISE; in here it is the depthwise stage.
    String first = depthwise.toString();
    return "separable [depthwise" + first.substring(first.indexOf(' ')) + " + " + pointwise + "]";
  }

  /**
   * Builds a {@link SeparableConv2d}: 3 x 3, stride 1, no padding, bias, residual or activation.
   */
  public static final class Builder extends ConvolutionBuilder<Builder> {
    private final int inChannels;
    private final int outChannels;
    private int multiplier = 1;
    private boolean depthwiseBias;
    private boolean pointwiseBias;
    private boolean residual;
    private Activation depthwiseActivation = Activation.NONE;
    private Activation pointwiseActivation = Activation.NONE;

    private Builder(int inChannels, int outChannels) {
      this.inChannels = inChannels;
      this.outChannels = outChannels;
      kernel(3);
    }

    public Builder depthMultiplier(int outputsPerInput) {
      multiplier = outputsPerInput;
      return this;
    }

    /** A bias in both stages. */
    public Builder bias() {
      return bias(true, true);
    }

    public Builder bias(boolean afterDepthwise, boolean afterPointwise) {
      depthwiseBias = afterDepthwise;
      pointwiseBias = afterPointwise;
      return this;
    }

    /** Adds a residual in the pointwise stage. */
    @Override
    public Builder residual(boolean addsResidual) {
      residual = addsResidual;
      return this;
    }

    /** The same activation after both stages, as in MobileNetV1. */
    @Override
    public Builder activation(Activation function) {
      return activation(function, function);
    }

    public Builder activation(Activation afterDepthwise, Activation afterPointwise) {
      depthwiseActivation = afterDepthwise;
      pointwiseActivation = afterPointwise;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * The separable convolution.
     *
     * @throws IllegalArgumentException if a value is out of range, naming it
     */
    public SeparableConv2d build() {
      Conv2d depthwise =
          Conv2d.depthwise(inChannels, multiplier)
              .kernel(kernelH, kernelW)
              .stride(strideH, strideW)
              .dilation(dilationH, dilationW)
              .padding(padding)
              .bias(depthwiseBias)
              .activation(depthwiseActivation)
              .build();
      Conv2d pointwise =
          Conv2d.pointwise(depthwise.outChannels(), outChannels)
              .bias(pointwiseBias)
              .residual(residual)
              .activation(pointwiseActivation)
              .build();
      return new SeparableConv2d(depthwise, pointwise);
    }
  }
}
