package org.sepconv;

import java.util.Objects;

/** The weights of both stages of a {@link SeparableConv2d}. */
public record SeparableWeights(ConvWeights depthwise, ConvWeights pointwise) implements Weights {

  public SeparableWeights {
    Objects.requireNonNull(depthwise, "depthwise");
    Objects.requireNonNull(pointwise, "pointwise");
  }

  @Override
  public void checkMatches(Operation operation) {
    Objects.requireNonNull(operation, "operation");
    if (!(operation instanceof SeparableConv2d separable)) {
      throw new IllegalArgumentException(
          "separable weights given for what is not a separable convolution: " + operation);
    }
    depthwise.checkMatches(separable.depthwise());
    pointwise.checkMatches(separable.pointwise());
  }
}
