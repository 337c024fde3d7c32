package org.sepconv;

/** What the builders of {@link Conv2d} and {@link SeparableConv2d} have in common. */
abstract class ConvolutionBuilder<B extends ConvolutionBuilder<B>> extends WindowBuilder<B> {
  Padding padding = Padding.valid();

  public abstract B activation(Activation function);

  /** Adds a residual: {@link Convolution#residual()}. */
  public B residual() {
    return residual(true);
  }

  public abstract B residual(boolean addsResidual);

  public B padding(Padding zeros) {
    padding = zeros;
    return self();
  }

  /** The same number of zero rows and columns on all four sides. */
  public B padding(int all) {
    return padding(Padding.of(all));
  }

  /** {@link Padding#same()}. */
  public B same() {
    return padding(Padding.same());
  }

  public B relu() {
    return activation(Activation.RELU);
  }

  public B relu6() {
    return activation(Activation.RELU6);
  }
}
