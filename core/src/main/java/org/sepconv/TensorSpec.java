package org.sepconv;

import java.util.Objects;

/** What a float32 tensor looks like: its shape, and the order of its values in memory. */
public record TensorSpec(Shape shape, Layout layout) {

  public TensorSpec {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(layout, "layout");
  }

  public static TensorSpec nchw(Shape shape) {
    return new TensorSpec(shape, Layout.NCHW);
  }

  public static TensorSpec nhwc(Shape shape) {
    return new TensorSpec(shape, Layout.NHWC);
  }

  /** {@code NCHW 1x64x56x56}; the sizes are in N, C, H, W order whatever the layout. */
  @Override
  public String toString() {
    return layout + " " + shape;
  }
}
