package org.sepconv;

import java.util.List;

/** The mean of each channel over all its pixels: N x C x H x W to N x C x 1 x 1. */
public record GlobalAveragePool() implements Operation {
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
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("global average pool takes 1 input, not " + inputs.size());
    }
    return List.of(new Shape(inputs.getFirst().n(), inputs.getFirst().c(), 1, 1));
  }

  /** {@code global average pool}. */
  @Override
  public String toString() {
    return "global average pool";
  }
}
