package org.sepconv;

import java.util.List;

/** The sum of two tensors of one shape: the residual connection of MobileNetV2. */
public record Add() implements Operation {
  @Override
  public KernelKind kind() {
    return KernelKind.ELEMENTWISE;
  }

  @Override
  public int inputCount() {
    return 2;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != 2 || !inputs.getFirst().equals(inputs.getLast())) {
      throw new IllegalArgumentException("add takes 2 inputs of one shape, not " + inputs);
    }
    return List.of(inputs.getFirst());
  }

  @Override
  public List<Shape> inputShapes(Shape source) {
    return List.of(source, source);
  }

  @Override
  public boolean mayReplace(int input) {
    return true;
  }

  /** {@code add}. */
  @Override
  public String toString() {
    return "add";
  }
}
