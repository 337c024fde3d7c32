package org.sepconv;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * An image of another height and width, of which each pixel is that of the input that lies nearest:
 * ONNX's {@code Resize} in mode {@code nearest}.
 */
public record ResizeNearest(Resampling resampling, Rounding rounding) implements Rearrangement {

  /** Which pixel a position between two of them means: ONNX's {@code nearest_mode}. */
  public enum Rounding {
    /** The nearer one; of two as near the first. */
    PREFER_FLOOR,
    /** The nearer one; of two as near the second. */
    PREFER_CEIL,
    /** The first: PyTorch and Caffe. */
    FLOOR,
    /** The second. */
    CEIL;

    private int of(float position, int length) {
      double pixel =
          switch (this) {
            case PREFER_FLOOR -> Math.ceil(position - 0.5);
            case PREFER_CEIL -> Math.floor(position + 0.5);
            case FLOOR -> Math.floor(position);
            case CEIL -> Math.ceil(position);
          };
      return Math.clamp((long) pixel, 0, length - 1);
    }
  }

  public ResizeNearest {
    Objects.requireNonNull(resampling, "resampling");
    Objects.requireNonNull(rounding, "rounding");
  }

  /** So many times as high and as wide, each pixel repeated: PyTorch's {@code Upsample}. */
  public static ResizeNearest by(int scale) {
    return new ResizeNearest(
        Resampling.by(scale, Resampling.Coordinates.ASYMMETRIC), Rounding.FLOOR);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    return List.of(resampling.resized(Inputs.only(this, inputs)));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    Shape input = inputs.getFirst();
    place[2] = rounding.of(resampling.row(input, place[2]), input.h());
    place[3] = rounding.of(resampling.column(input, place[3]), input.w());
    return 0;
  }

  /** {@code nearest resize to 80x80, asymmetric, floor}. */
  @Override
  public String toString() {
    return "nearest resize %s, %s"
        .formatted(resampling, rounding.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}
