package org.sepconv;

import java.util.List;

/** A convolution from one tensor, or two with a residual, to one. */
public sealed interface Convolution extends Operation permits Conv2d, SeparableConv2d {
  /** The place of the residual among the inputs. */
  int RESIDUAL = 1;

  int inChannels();

  int outChannels();

  /**
   * The shape of the output for an input of shape {@code input}.
   *
   * @throws IllegalArgumentException if the channels do not match or no output would be left
   */
  Shape outputShape(Shape input);

  /**
   * Whether a second tensor, of the output's shape, is added to every output value: after the bias,
   * before the activation, as in the residual blocks of ResNet and MobileNetV2.
   */
  boolean residual();

  /** The input, and after it the residual if there is one. */
  @Override
  default int inputCount() {
    return residual() ? 2 : 1;
  }

  @Override
  default String inputName(int input) {
    return input == RESIDUAL ? "residual" : "source";
  }

  @Override
  default boolean mayReplace(int input) {
    return input == RESIDUAL;
  }

  @Override
  default boolean hasWeights() {
    return true;
  }

  @Override
  default List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != inputCount()) {
      throw new IllegalArgumentException(
          "a convolution %s takes %s, not %d"
              .formatted(
                  residual() ? "with a residual" : "without a residual",
                  residual() ? "2 inputs" : "1 input",
                  inputs.size()));
    }
    Shape output = outputShape(inputs.getFirst());
    if (residual() && !inputs.getLast().equals(output)) {
      throw new IllegalArgumentException(
          "the residual is %s, but must have the shape of the output, %s"
              .formatted(inputs.getLast(), output));
    }
    return List.of(output);
  }
}
