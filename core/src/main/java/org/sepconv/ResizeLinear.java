package org.sepconv;

import java.util.List;
import java.util.Objects;

/**
 * An image of another height and width, of which each pixel is interpolated between the four of the
 * input around its position (bilinear): ONNX's {@code Resize} in mode {@code linear}. Positions
 * outside are moved to the rim.
 *
 * <pre>
 *   out[y, x] = (1 - v) * ((1 - u) * in[y0, x0] + u * in[y0, x1]) + v * ((1 - u) * in[y1, x0] + u * in[y1, x1])
 *       y0, y1, v and x0, x1, u as {@link Between} has them
 * </pre>
 */
public record ResizeLinear(Resampling resampling) implements Operation {

  /**
   * A position between two neighbouring pixels, or on one of them.
   *
   * @param first the one before it
   * @param second the one behind it; the first again at the rim
   * @param share of the second, 0 to 1; the first has the rest, in float32
   */
  public record Between(int first, int second, float share) {
    static Between of(float position, int length) {
      float inside = Math.clamp(position, 0, length - 1);
      int first = (int) inside;
      return new Between(first, Math.min(first + 1, length - 1), inside - first);
    }
  }

  public ResizeLinear {
    Objects.requireNonNull(resampling, "resampling");
  }

  /** Between which rows of the input row {@code y} of the output lies. */
  public Between rows(Shape input, int y) {
    return Between.of(resampling.row(input, y), input.h());
  }

  /** Between which columns of the input column {@code x} of the output lies. */
  public Between columns(Shape input, int x) {
    return Between.of(resampling.column(input, x), input.w());
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
    return List.of(resampling.resized(Inputs.only(this, inputs)));
  }

  /** {@code linear resize to 80x80, half pixel}. */
  @Override
  public String toString() {
    return "linear resize " + resampling;
  }
}
