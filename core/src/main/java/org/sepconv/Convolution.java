package org.sepconv;

import java.util.List;

/** What a backend can prepare: a convolution from one tensor to one tensor. */
public sealed interface Convolution extends Operation permits Conv2d, SeparableConv2d {

  int inChannels();

  int outChannels();

  /**
   * The shape of the output for an input of shape {@code input}.
   *
   * @throws IllegalArgumentException if the channels do not match or no output would be left
   */
  Shape outputShape(Shape input);

  @Override
  default int inputCount() {
    return 1;
  }

  @Override
  default Shape outputShape(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new IllegalArgumentException("a convolution takes 1 input, not " + inputs.size());
    }
    return outputShape(inputs.getFirst());
  }
}
