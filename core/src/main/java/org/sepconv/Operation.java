package org.sepconv;

import java.util.List;

/**
 * One step of a network, or a network. An operation is a description: it holds no weights and no
 * data.
 */
public sealed interface Operation
    permits Convolution,
        BatchNormalization,
        Elementwise,
        Graph,
        MatrixProduct,
        Pool2d,
        Rearrangement,
        Reduce,
        ResizeLinear,
        Softmax,
        TransposedConv2d {
  /** Which kernels it needs. */
  KernelKind kind();

  /** How many tensors the operation takes. */
  int inputCount();

  /**
   * The shapes of what comes out.
   *
   * @throws IllegalArgumentException if the operation cannot take these inputs
   */
  List<Shape> outputShapes(List<Shape> inputs);

  /** What an input is called in messages: {@code source}, {@code residual}. */
  default String inputName(int input) {
    return inputCount() == 1 ? "source" : "input " + input;
  }

  /**
   * Whether the output may take the place of this input where that has its shape, layout and type:
   * each value of it is needed for no other value of the output than the one in the same place.
   */
  default boolean mayReplace(int input) {
    return false;
  }

  /** Whether it needs {@link Weights} other than {@link Weights#none()}. */
  default boolean hasWeights() {
    return false;
  }

  /** The activations that the operation applies, {@link Activation#NONE} among them. */
  default List<Activation> activations() {
    return List.of();
  }
}
