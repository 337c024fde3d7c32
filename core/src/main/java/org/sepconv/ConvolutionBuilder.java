package org.sepconv;

/** What the builders of {@link Conv2d} and {@link SeparableConv2d} have in common. */
abstract class ConvolutionBuilder<B extends ConvolutionBuilder<B>> {
  int kernelH = 1;
  int kernelW = 1;
  int strideH = 1;
  int strideW = 1;
  int dilationH = 1;
  int dilationW = 1;
  Padding padding = Padding.valid();

  abstract B self();

  public abstract B activation(Activation function);

  /** Adds a residual: {@link Convolution#residual()}. */
  public B residual() {
    return residual(true);
  }

  public abstract B residual(boolean addsResidual);

  public B kernel(int size) {
    return kernel(size, size);
  }

  public B kernel(int height, int width) {
    kernelH = height;
    kernelW = width;
    return self();
  }

  public B stride(int both) {
    return stride(both, both);
  }

  public B stride(int vertical, int horizontal) {
    strideH = vertical;
    strideW = horizontal;
    return self();
  }

  /** Distance between neighbouring taps; 1 = none. */
  public B dilation(int both) {
    return dilation(both, both);
  }

  public B dilation(int vertical, int horizontal) {
    dilationH = vertical;
    dilationW = horizontal;
    return self();
  }

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
