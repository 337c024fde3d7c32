package org.sepconv;

import java.util.List;
import java.util.Objects;

/**
 * Rows and columns around an image.
 *
 * @param value what they hold, where they are constant
 */
public record Pad(Padding.Explicit sides, Mode mode, float value) implements Rearrangement {

  /** What the new rows and columns hold. */
  public enum Mode {
    /** One value. */
    CONSTANT,
    /** The image mirrored at its first and last row and column, which are not repeated. */
    REFLECT
  }

  public Pad {
    Objects.requireNonNull(sides, "sides");
    Objects.requireNonNull(mode, "mode");
  }

  /** Zeros. */
  public static Pad zeros(Padding.Explicit sides) {
    return new Pad(sides, Mode.CONSTANT, 0);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    if (mode == Mode.REFLECT
        && (Math.max(sides.top(), sides.bottom()) >= shape.h()
            || Math.max(sides.left(), sides.right()) >= shape.w())) {
      throw new IllegalArgumentException(
          "reflected padding %s must be smaller than the image, %dx%d"
              .formatted(sides, shape.h(), shape.w()));
    }
    return List.of(
        new Shape(
            shape.n(),
            shape.c(),
            padded("height", shape.h(), sides.top(), sides.bottom()),
            padded("width", shape.w(), sides.left(), sides.right())));
  }

  private static int padded(String what, int size, int before, int after) {
    long padded = (long) size + before + after;
    if (padded > Shape.MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "padded %s is %d, more than %d".formatted(what, padded, Shape.MAX_ELEMENTS));
    }
    return (int) padded;
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    Shape input = inputs.getFirst();
    int y = place[2] - sides.top();
    int x = place[3] - sides.left();
    if (mode == Mode.REFLECT) {
      y = reflected(y, input.h());
      x = reflected(x, input.w());
    }
    place[2] = y;
    place[3] = x;
    return y >= 0 && y < input.h() && x >= 0 && x < input.w() ? 0 : FILLED;
  }

  private static int reflected(int position, int size) {
    return size - 1 - Math.abs(size - 1 - Math.abs(position));
  }

  @Override
  public float fill() {
    return value;
  }

  /** {@code constant padding 0,0,1,1}. */
  @Override
  public String toString() {
    return "%s padding %s".formatted(mode.name().toLowerCase(java.util.Locale.ROOT), sides);
  }
}
