package org.sepconv;

/** One of the four dimensions of a tensor. */
public enum Axis {
  BATCH,
  CHANNEL,
  HEIGHT,
  WIDTH;

  /** How long this dimension of a shape is. */
  public int size(Shape shape) {
    return switch (this) {
      case BATCH -> shape.n();
      case CHANNEL -> shape.c();
      case HEIGHT -> shape.h();
      case WIDTH -> shape.w();
    };
  }

  /** The same shape with another length of this dimension. */
  public Shape with(Shape shape, int size) {
    return switch (this) {
      case BATCH -> new Shape(size, shape.c(), shape.h(), shape.w());
      case CHANNEL -> new Shape(shape.n(), size, shape.h(), shape.w());
      case HEIGHT -> new Shape(shape.n(), shape.c(), size, shape.w());
      case WIDTH -> new Shape(shape.n(), shape.c(), shape.h(), size);
    };
  }

  /** {@code channel}. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
