package org.sepconv;

/** The order in which the values of a tensor lie in memory, slowest dimension first. */
public enum Layout {
  /** Batch, channel, row, column: PyTorch's and ONNX's order. */
  NCHW,
  /** Batch, row, column, channel: TensorFlow's order, "channels last". */
  NHWC;

  /** The index of channel {@code c} of the pixel in row {@code y} and column {@code x}. */
  public int index(Shape shape, int n, int c, int y, int x) {
    return switch (this) {
      case NCHW -> ((n * shape.c() + c) * shape.h() + y) * shape.w() + x;
      case NHWC -> ((n * shape.h() + y) * shape.w() + x) * shape.c() + c;
    };
  }

  /** The distance in values between two neighbouring channels of one pixel. */
  public int channelStride(Shape shape) {
    return this == NCHW ? shape.h() * shape.w() : 1;
  }

  /** The distance in values between two neighbouring rows of one channel. */
  public int rowStride(Shape shape) {
    return this == NCHW ? shape.w() : shape.w() * shape.c();
  }

  /** The distance in values between two neighbouring columns of one channel. */
  public int columnStride(Shape shape) {
    return this == NCHW ? 1 : shape.c();
  }

  /**
   * The same values in another order.
   *
   * @param values a tensor of {@code shape} in this layout; not changed
   * @return a new array in layout {@code to}; a copy even where the order stays the same
   * @throws IllegalArgumentException if {@code values} has not {@code shape.elements()} values
   */
  public float[] convert(Shape shape, float[] values, Layout to) {
    shape.checkLength("values", values.length);
    if (to == this) {
      return values.clone();
    }
    float[] result = new float[values.length];
    int channelStride = channelStride(shape);
    int columnStride = columnStride(shape);
    int target = 0;
    for (int n = 0; n < shape.n(); n++) {
      if (to == NHWC) {
        for (int y = 0; y < shape.h(); y++) {
          for (int x = 0; x < shape.w(); x++) {
            int source = index(shape, n, 0, y, x);
            for (int c = 0; c < shape.c(); c++) {
              result[target++] = values[source + c * channelStride];
            }
          }
        }
      } else {
        for (int c = 0; c < shape.c(); c++) {
          for (int y = 0; y < shape.h(); y++) {
            int source = index(shape, n, c, y, 0);
            for (int x = 0; x < shape.w(); x++) {
              result[target++] = values[source + x * columnStride];
            }
          }
        }
      }
    }
    return result;
  }
}
