package org.sepconv;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Picks positions of one dimension, in any order, each as often as it is named. */
public record Gather(Axis axis, List<Integer> indices) implements Rearrangement {
  /**
   * @throws IllegalArgumentException if there is no index, or a negative one
   */
  public Gather {
    Objects.requireNonNull(axis, "axis");
    indices = List.copyOf(indices);
    if (indices.isEmpty()) {
      throw new IllegalArgumentException("a gather needs an index at least");
    }
    for (int index : indices) {
      if (index < 0) {
        throw new IllegalArgumentException(
            "index %d of a gather must not be negative".formatted(index));
      }
    }
  }

  /**
   * The channel shuffle of ShuffleNet: channel j of group g goes to channel g of group j.
   *
   * @throws IllegalArgumentException if the channels do not make groups of one size
   */
  public static Gather channelShuffle(int channels, int groups) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "%d channels do not make %d groups of one size".formatted(channels, groups));
    }
    List<Integer> indices = new ArrayList<>();
    for (int j = 0; j < channels / groups; j++) {
      for (int group = 0; group < groups; group++) {
        indices.add(group * (channels / groups) + j);
      }
    }
    return new Gather(Axis.CHANNEL, indices);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    for (int index : indices) {
      if (index >= axis.size(shape)) {
        throw new IllegalArgumentException(
            "index %d of a gather is not below %d, the %s of %s"
                .formatted(index, axis.size(shape), axis, shape));
      }
    }
    return List.of(axis.with(shape, indices.size()));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    place[axis.ordinal()] = indices.get(place[axis.ordinal()]);
    return 0;
  }

  /** {@code gather of 116 along channel}. */
  @Override
  public String toString() {
    return "gather of %d along %s".formatted(indices.size(), axis);
  }
}
