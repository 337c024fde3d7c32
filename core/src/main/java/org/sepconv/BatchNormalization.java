package org.sepconv;

import java.util.List;

/**
 * Batch normalisation as an operation of its own, with {@link BatchNorm} as its weights. Behind a
 * convolution it folds into it, and costs nothing.
 */
public record BatchNormalization(int channels) implements Operation {
  /**
   * @throws IllegalArgumentException if there is no channel
   */
  public BatchNormalization {
    if (channels < 1) {
      throw new IllegalArgumentException(
          "channels is %d, but must be at least 1".formatted(channels));
    }
  }

  @Override
  public KernelKind kind() {
    return KernelKind.ELEMENTWISE;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    if (shape.c() != channels) {
      throw new IllegalArgumentException(
          "batch norm has %d channels, but the input %d".formatted(channels, shape.c()));
    }
    return List.of(shape);
  }

  @Override
  public boolean hasWeights() {
    return true;
  }

  @Override
  public boolean mayReplace(int input) {
    return true;
  }

  /** {@code batch norm of 64 channels}. */
  @Override
  public String toString() {
    return "batch norm of %d channels".formatted(channels);
  }
}
