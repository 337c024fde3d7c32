package org.sepconv;

import java.util.EnumSet;
import java.util.List;

/**
 * The dimensions in another order.
 *
 * @param order which dimension of the input each of the output is, in N, C, H, W order
 */
public record Transpose(List<Axis> order) implements Rearrangement {
  /** The order that they have. */
  public static final Transpose NONE = new Transpose(List.of(Axis.values()));

  /**
   * @throws IllegalArgumentException if not each of the four dimensions is named once
   */
  public Transpose {
    order = List.copyOf(order);
    if (order.size() != 4 || EnumSet.copyOf(order).size() != 4) {
      throw new IllegalArgumentException(
          "a transposition names each of the four dimensions once, not " + order);
    }
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape in = Inputs.only(this, inputs);
    Shape out = in;
    for (Axis axis : Axis.values()) {
      out = axis.with(out, order.get(axis.ordinal()).size(in));
    }
    return List.of(out);
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    int[] given = place.clone();
    for (int i = 0; i < given.length; i++) {
      place[order.get(i).ordinal()] = given[i];
    }
    return 0;
  }

  /** {@code transposition to batch, height, width, channel}. */
  @Override
  public String toString() {
    return "transposition to " + String.join(", ", order.stream().map(Axis::toString).toList());
  }
}
