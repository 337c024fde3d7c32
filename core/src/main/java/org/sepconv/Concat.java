package org.sepconv;

import java.util.List;
import java.util.Objects;

/** Tensors one behind the other along one dimension; the others are as long in all of them. */
public record Concat(Axis axis, int inputCount) implements Rearrangement {
  /**
   * @throws IllegalArgumentException if there is no input
   */
  public Concat {
    Objects.requireNonNull(axis, "axis");
    if (inputCount < 1) {
      throw new IllegalArgumentException(
          "a concatenation has %d inputs, but needs 1 at least".formatted(inputCount));
    }
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    if (inputs.size() != inputCount) {
      throw new IllegalArgumentException(
          "%s takes %d inputs, not %d".formatted(this, inputCount, inputs.size()));
    }
    Shape first = inputs.getFirst();
    long length = 0;
    for (Shape input : inputs) {
      if (!axis.with(input, 1).equals(axis.with(first, 1))) {
        throw new IllegalArgumentException(
            "%s takes inputs that differ along that dimension only, not %s"
                .formatted(this, inputs));
      }
      length += axis.size(input);
    }
    return List.of(axis.with(first, (int) Math.min(length, Integer.MAX_VALUE)));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    int input = 0;
    while (place[axis.ordinal()] >= axis.size(inputs.get(input))) {
      place[axis.ordinal()] -= axis.size(inputs.get(input++));
    }
    return input;
  }

  /** {@code concatenation along channel}. */
  @Override
  public String toString() {
    return "concatenation along " + axis;
  }
}
