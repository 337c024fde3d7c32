package org.sepconv;

/** What the builders of convolutions, transposed ones too, have in common: the filter's window. */
abstract class WindowBuilder<B extends WindowBuilder<B>> {
  int kernelH = 1;
  int kernelW = 1;
  int strideH = 1;
  int strideW = 1;
  int dilationH = 1;
  int dilationW = 1;

  abstract B self();

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
}
