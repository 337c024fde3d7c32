package org.sepconv;

import java.util.Objects;

/** What a tensor looks like: its shape, the order of its values in memory, and their type. */
public record TensorSpec(Shape shape, Layout layout, ElementType type) {
  public TensorSpec {
    Objects.requireNonNull(shape, "shape");
    Objects.requireNonNull(layout, "layout");
    Objects.requireNonNull(type, "type");
  }

  /** Of float32 values. */
  public TensorSpec(Shape shape, Layout layout) {
    this(shape, layout, ElementType.FLOAT32);
  }

  /** Of float32 values in {@link Layout#NCHW}. */
  public static TensorSpec nchw(Shape shape) {
    return new TensorSpec(shape, Layout.NCHW);
  }

  /** Of float32 values in {@link Layout#NHWC}. */
  public static TensorSpec nhwc(Shape shape) {
    return new TensorSpec(shape, Layout.NHWC);
  }

  public TensorSpec withShape(Shape other) {
    return new TensorSpec(other, layout, type);
  }

  public TensorSpec withLayout(Layout other) {
    return new TensorSpec(shape, other, type);
  }

  public TensorSpec withType(ElementType other) {
    return new TensorSpec(shape, layout, other);
  }

  /** The size of all values. */
  public long bytes() {
    return (long) type.bytes() * shape.elements();
  }

  /**
   * {@code NCHW 1x64x56x56}, with the type behind it unless it is float32; the sizes are in N, C,
   * H, W order whatever the layout.
   */
  @Override
  public String toString() {
    return layout + " " + shape + (type == ElementType.FLOAT32 ? "" : " " + type);
  }
}
