package org.sepconv;

import java.util.List;
import java.util.Objects;

/**
 * A part of a dimension: the values from {@code start} on, every {@code step}th, before {@code
 * end}. Two of them split a tensor.
 *
 * @param end one past the last; {@link #TO_END} for all that there are
 */
public record Slice(Axis axis, int start, int end, int step) implements Rearrangement {

  /** As the end: wherever the dimension ends. */
  public static final int TO_END = Integer.MAX_VALUE;

  /**
   * @throws IllegalArgumentException if nothing would be left
   */
  public Slice {
    Objects.requireNonNull(axis, "axis");
    if (start < 0 || end <= start || step < 1) {
      throw new IllegalArgumentException(
          "a slice from %d to %d in steps of %d is empty".formatted(start, end, step));
    }
  }

  /** Neighbouring values. */
  public static Slice of(Axis axis, int start, int end) {
    return new Slice(axis, start, end, 1);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    int last = end == TO_END ? axis.size(shape) : end;
    if (last > axis.size(shape) || last <= start) {
      throw new IllegalArgumentException(
          "%s does not fit %s, which is %d long there".formatted(this, shape, axis.size(shape)));
    }
    return List.of(axis.with(shape, Math.ceilDiv(last - start, step)));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    place[axis.ordinal()] = start + step * place[axis.ordinal()];
    return 0;
  }

  /** {@code slice of channel from 0 to 58 in steps of 1}. */
  @Override
  public String toString() {
    return "slice of %s from %d to %s in steps of %d"
        .formatted(axis, start, end == TO_END ? "its end" : end, step);
  }
}
