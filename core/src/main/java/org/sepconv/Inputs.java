package org.sepconv;

import java.util.List;

/** Checks of what operations are given. */
final class Inputs {
  private Inputs() {}

  /**
   * The shape of the one input of an operation.
   *
   * @throws IllegalArgumentException if there are more or fewer
   */
  static Shape only(Operation operation, List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException(
          "%s takes 1 input, not %d".formatted(operation, inputs.size()));
    }
    return inputs.getFirst();
  }

  /**
   * Checks the side of a square of pixels.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  static void requireBlock(int block) {
    if (block < 1) {
      throw new IllegalArgumentException(
          "the block is %d pixels wide, but must be 1 at least".formatted(block));
    }
  }
}
