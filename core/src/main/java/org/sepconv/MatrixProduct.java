package org.sepconv;

import java.util.List;

/**
 * The product of two stacks of matrices: N x C x H x K times N x C x K x W is N x C x H x W. Where
 * one stack has a batch or channels of 1, its matrix serves all of the other's.
 */
public record MatrixProduct() implements Operation {
  @Override
  public KernelKind kind() {
    return KernelKind.MATRIX;
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != 2) {
      throw new IllegalArgumentException(
          "%s takes 2 inputs, not %d".formatted(this, inputs.size()));
    }
    Shape first = inputs.getFirst();
    Shape second = inputs.getLast();
    if (first.w() != second.h()
        || !broadcasts(first.n(), second.n())
        || !broadcasts(first.c(), second.c())) {
      throw new IllegalArgumentException(
          "a matrix product takes NxCxHxK and NxCxKxW, not %s and %s".formatted(first, second));
    }
    return List.of(
        new Shape(
            Math.max(first.n(), second.n()),
            Math.max(first.c(), second.c()),
            first.h(),
            second.w()));
  }

  private static boolean broadcasts(int first, int second) {
    return first == second || first == 1 || second == 1;
  }

  /** {@code matrix product}. */
  @Override
  public String toString() {
    return "matrix product";
  }
}
