package org.sepconv;

import java.util.Locale;
import java.util.Objects;

/**
 * Where the pixels of a resized image lie in the image that it is made of, as ONNX's {@code Resize}
 * has it: what {@link ResizeNearest} and {@link ResizeLinear} have in common. Only heights and
 * widths change.
 *
 * <p>Positions are computed in float32, as ONNX Runtime computes them, so that one between two
 * pixels goes to the same side.
 */
public record Resampling(Target target, Coordinates coordinates) {

  /** How large the image becomes. */
  public sealed interface Target {}

  /** Of a height and a width of its own; the scale is the quotient of the sizes. */
  public record Size(int height, int width) implements Target {
    /**
     * @throws IllegalArgumentException if a size is not positive
     */
    public Size {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "a size to resize to is %dx%d, but must be at least 1x1".formatted(height, width));
      }
    }

    @Override
    public String toString() {
      return height + "x" + width;
    }
  }

  /**
   * So many times as high and as wide, rounded down. Positions are computed with these scales, not
   * with the quotient of the sizes.
   */
  public record Scale(float height, float width) implements Target {
    /**
     * @throws IllegalArgumentException if a scale is not positive
     */
    public Scale {
      if (!(height > 0 && width > 0 && height * width < Float.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "scales to resize by are %s and %s, but must be positive numbers"
                .formatted(height, width));
      }
    }

    @Override
    public String toString() {
      return "%s and %s times".formatted(height, width);
    }
  }

  /**
   * What a position of the output is in the input, of L' and L pixels, and a scale s: ONNX's {@code
   * coordinate_transformation_mode}.
   */
  public enum Coordinates {
    /** {@code (x + 0.5) / s - 0.5}: a pixel's value is that of its middle. */
    HALF_PIXEL,
    /** The same, but 0 where L' is 1: PyTorch. */
    PYTORCH_HALF_PIXEL,
    /** {@code x * (L - 1) / (L' - 1)}: the first and the last pixels stay where they are. */
    ALIGN_CORNERS,
    /** {@code x / s}: the first pixels stay where they are. */
    ASYMMETRIC
  }

  public Resampling {
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(coordinates, "coordinates");
  }

  /** To a height and a width. */
  public static Resampling to(int height, int width, Coordinates coordinates) {
    return new Resampling(new Size(height, width), coordinates);
  }

  /** By a scale, of the height and the width. */
  public static Resampling by(float scale, Coordinates coordinates) {
    return new Resampling(new Scale(scale, scale), coordinates);
  }

  /**
   * The shape that an image gets.
   *
   * @throws IllegalArgumentException if it would be empty or too large
   */
  public Shape resized(Shape input) {
    return switch (target) {
      case Size(int height, int width) -> new Shape(input.n(), input.c(), height, width);
      case Scale(float height, float width) ->
          new Shape(input.n(), input.c(), scaled(input.h(), height), scaled(input.w(), width));
    };
  }

  private static int scaled(int length, float scale) {
    int result = (int) (length * scale);
    if (result < 1) {
      throw new IllegalArgumentException(
          "nothing is left of %d rows or columns, %s times as many".formatted(length, scale));
    }
    return result;
  }

  /** Where row {@code y} of the output lies among the rows of {@code input}; may be outside. */
  public float row(Shape input, int y) {
    int height = resized(input).h();
    float scale =
        switch (target) {
          case Size _ -> (float) height / input.h();
          case Scale scales -> scales.height;
        };
    return position(y, scale, height, input.h());
  }

  /** Where column {@code x} of the output lies; may be outside. */
  public float column(Shape input, int x) {
    int width = resized(input).w();
    float scale =
        switch (target) {
          case Size _ -> (float) width / input.w();
          case Scale scales -> scales.width;
        };
    return position(x, scale, width, input.w());
  }

  private float position(int x, float scale, int resized, int original) {
    return switch (coordinates) {
      case HALF_PIXEL -> (x + 0.5f) / scale - 0.5f;
      case PYTORCH_HALF_PIXEL -> resized > 1 ? (x + 0.5f) / scale - 0.5f : 0;
      case ALIGN_CORNERS -> resized == 1 ? 0 : x * (float) (original - 1) / (resized - 1);
      case ASYMMETRIC -> x / scale;
    };
  }

  /** {@code to 80x80, half pixel}, {@code to 2.0 and 2.0 times, asymmetric}. */
  @Override
  public String toString() {
    return "to %s, %s"
        .formatted(target, coordinates.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}
