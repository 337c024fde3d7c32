package org.sepconv.files;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A float32 array of any rank, the last dimension varying fastest (C order).
 *
 * @param name where it comes from, for messages
 * @param shape the size of each dimension, each at least 1; empty for a single number
 * @param values as many as the product of the sizes; not copied
 */
public record FloatArray(String name, List<Integer> shape, float[] values) {

  public FloatArray {
    shape = List.copyOf(shape);
    long elements = 1;
    for (int size : shape) {
      elements = Math.multiplyExact(elements, (long) size);
    }
    if (elements != values.length) {
      throw new IllegalArgumentException(
          "%s has %d values, but the shape %s needs %d"
              .formatted(name, values.length, python(shape), elements));
    }
  }

  public static FloatArray of(String name, float[] values, int... shape) {
    return new FloatArray(name, Arrays.stream(shape).boxed().toList(), values);
  }

  public int size(int dimension) {
    return shape.get(dimension);
  }

  /**
   * This array, if it has as many dimensions as {@code meaning} names.
   *
   * @param meaning the dimensions, as in {@code N x C x H x W}
   * @param remedy what to do about another rank
   * @throws IllegalArgumentException if it has more or fewer
   */
  public FloatArray requireRank(String meaning, String remedy) {
    int rank = meaning.split(" x ").length;
    if (shape.size() != rank) {
      throw new IllegalArgumentException(
          "%s has the shape %s, but must have %d dimension%s, %s; %s"
              .formatted(name, python(shape), rank, rank == 1 ? "" : "s", meaning, remedy));
    }
    return this;
  }

  /** The shape as Python writes it: {@code (1, 3, 4, 4)}, {@code (3,)}, {@code ()}. */
  public static String python(List<? extends Number> shape) {
    if (shape.size() == 1) {
      return "(" + shape.getFirst() + ",)";
    }
    return shape.stream().map(Object::toString).collect(Collectors.joining(", ", "(", ")"));
  }
}
