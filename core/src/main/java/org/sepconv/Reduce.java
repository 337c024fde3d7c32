package org.sepconv;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The mean, the sum or the maximum over whole dimensions, which are 1 long afterwards.
 *
 * @param axes at least one
 */
public record Reduce(Function function, Set<Axis> axes) implements Operation {
  private static final Set<Axis> PIXELS =
      Collections.unmodifiableSet(EnumSet.of(Axis.HEIGHT, Axis.WIDTH));

  /** What is made of the values. */
  public enum Function {
    MEAN,
    SUM,
    MAX
  }

  /**
   * @throws IllegalArgumentException if there is no axis
   */
  public Reduce {
    Objects.requireNonNull(function, "function");
    if (axes.isEmpty()) {
      throw new IllegalArgumentException("a reduction needs an axis at least");
    }
    axes = Collections.unmodifiableSet(EnumSet.copyOf(axes));
  }

  /** The mean of each channel over all its pixels: N x C x H x W to N x C x 1 x 1. */
  public static Reduce globalAveragePool() {
    return new Reduce(Function.MEAN, PIXELS);
  }

  /** Whether it is over the pixels, and over nothing else. */
  public boolean ofPixels() {
    return axes.equals(PIXELS);
  }

  /** How many values of the input make one of the output. */
  public int valuesPerOutput(Shape input) {
    return axes.stream().mapToInt(axis -> axis.size(input)).reduce(1, Math::multiplyExact);
  }

  @Override
  public KernelKind kind() {
    return KernelKind.POOLING;
  }

  @Override
  public int inputCount() {
    return 1;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    for (Axis axis : axes) {
      shape = axis.with(shape, 1);
    }
    return List.of(shape);
  }

  /** {@code global average pool}, {@code max over channel}. */
  @Override
  public String toString() {
    return function == Function.MEAN && ofPixels()
        ? "global average pool"
        : "%s over %s"
            .formatted(
                function.name().toLowerCase(Locale.ROOT),
                axes.stream().map(Axis::toString).collect(Collectors.joining(" and ")));
  }
}
