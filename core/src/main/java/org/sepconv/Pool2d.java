package org.sepconv;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The maximum or the mean of a window that moves over each channel.
 *
 * @param countPadding whether a mean divides by the size of the window even where it reaches into
 *     the padding, whose values are zeros; else by the values that there are. Of no account for a
 *     maximum, which never takes padding
 */
public record Pool2d(
    Function function,
    int kernelH,
    int kernelW,
    int strideH,
    int strideW,
    Padding padding,
    boolean countPadding)
    implements Operation {

  /** What is made of the values of a window. */
  public enum Function {
    MAX,
    AVERAGE
  }

  /**
   * @throws IllegalArgumentException if a size is not positive
   */
  public Pool2d {
    Objects.requireNonNull(function, "function");
    Objects.requireNonNull(padding, "padding");
    window(1, kernelH, kernelW, strideH, strideW, padding);
  }

  /** The maximum of square windows. */
  public static Pool2d max(int kernel, int stride, Padding padding) {
    return new Pool2d(Function.MAX, kernel, kernel, stride, stride, padding, false);
  }

  /** The mean of square windows, of what they have of the input. */
  public static Pool2d average(int kernel, int stride, Padding padding) {
    return new Pool2d(Function.AVERAGE, kernel, kernel, stride, stride, padding, false);
  }

  /**
   * Where the windows lie.
   *
   * @throws IllegalArgumentException if no output would be left, or a window may lie in the padding
   *     alone
   */
  public ConvGeometry geometry(Shape input) {
    ConvGeometry geometry =
        window(input.c(), kernelH, kernelW, strideH, strideW, padding).geometry(input);
    Padding.Explicit sides = geometry.padding();
    if (Math.max(sides.top(), sides.bottom()) >= kernelH
        || Math.max(sides.left(), sides.right()) >= kernelW) {
      throw new IllegalArgumentException(
          "padding %s of a pool must be smaller than its window, %dx%d"
              .formatted(sides, kernelH, kernelW));
    }
    return geometry;
  }

  private static Conv2d window(
      int channels, int kernelH, int kernelW, int strideH, int strideW, Padding padding) {
    return Conv2d.depthwise(channels)
        .kernel(kernelH, kernelW)
        .stride(strideH, strideW)
        .padding(padding)
        .build();
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
    return List.of(geometry(Inputs.only(this, inputs)).output());
  }

  /** {@code max pool 3x3 stride 2x2}. */
  @Override
  public String toString() {
    return "%s pool %dx%d stride %dx%d"
        .formatted(function.name().toLowerCase(Locale.ROOT), kernelH, kernelW, strideH, strideW);
  }
}
