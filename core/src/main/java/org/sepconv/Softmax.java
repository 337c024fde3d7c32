package org.sepconv;

import java.util.List;
import java.util.Objects;

/** {@code exp(x) / sum of exp(x)} along one dimension: shares that add up to 1. */
public record Softmax(Axis axis) implements Operation {
  public Softmax {
    Objects.requireNonNull(axis, "axis");
  }

  @Override
  public KernelKind kind() {
    return KernelKind.POOLING;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(Inputs.only(this, inputs));
  }

  /** {@code softmax over channel}. */
  @Override
  public String toString() {
    return "softmax over " + axis;
  }
}
