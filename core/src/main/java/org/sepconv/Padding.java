package org.sepconv;

/**
 * The zeros that surround the input of a convolution: given for each side, or computed from the
 * input so that the output has {@code ceil(input / stride)} rows and columns ("SAME").
 */
public sealed interface Padding {

  /** No padding: the kernel stays inside the input. */
  static Padding valid() {
    return new Explicit(0, 0, 0, 0);
  }

  /** The same number of rows and columns on all four sides. */
  static Padding of(int all) {
    return new Explicit(all, all, all, all);
  }

  /** Rows above, columns to the left, rows below, columns to the right. */
  static Padding of(int top, int left, int bottom, int right) {
    return new Explicit(top, left, bottom, right);
  }

  /** TensorFlow's SAME and ONNX's SAME_UPPER: an odd zero goes below and to the right. */
  static Padding same() {
    return Same.UPPER;
  }

  /** ONNX's SAME_LOWER: an odd zero goes above and to the left. */
  static Padding sameLower() {
    return Same.LOWER;
  }

  /**
   * The padding in numbers, for an input of {@code height} x {@code width}.
   *
   * @param kernelH the effective kernel height: {@code dilation * (kernel - 1) + 1}
   * @param kernelW the effective kernel width
   */
  Explicit resolve(int height, int width, int kernelH, int kernelW, int strideH, int strideW);

  /**
   * Zero rows and columns on each side; may exceed the kernel, which gives outputs of bias only.
   */
  record Explicit(int top, int left, int bottom, int right) implements Padding {
    public Explicit {
      requireNotNegative("top", top);
      requireNotNegative("left", left);
      requireNotNegative("bottom", bottom);
      requireNotNegative("right", right);
    }

    @Override
    public Explicit resolve(
        int height, int width, int kernelH, int kernelW, int strideH, int strideW) {
      return this;
    }

    /** Whether opposite sides have the same padding. */
    public boolean symmetric() {
      return top == bottom && left == right;
    }

    private static void requireNotNegative(String side, int value) {
      if (value < 0) {
        throw new IllegalArgumentException(
            "padding %s is %d, but must not be negative".formatted(side, value));
      }
    }

    /** {@code top,left,bottom,right}. */
    @Override
    public String toString() {
      return top + "," + left + "," + bottom + "," + right;
    }
  }

  /** Padding that depends on the input. */
  enum Same implements Padding {
    UPPER,
    LOWER;

    @Override
    public Explicit resolve(
        int height, int width, int kernelH, int kernelW, int strideH, int strideW) {
      int vertical = total(height, kernelH, strideH);
      int horizontal = total(width, kernelW, strideW);
      int top = before(vertical);
      int left = before(horizontal);
      return new Explicit(top, left, vertical - top, horizontal - left);
    }

    private static int total(int size, int kernel, int stride) {
      int outputs = (size - 1) / stride + 1;
      long padding = (long) (outputs - 1) * stride + kernel - size;
      return Math.toIntExact(Math.max(0, padding));
    }

    private int before(int total) {
      return this == UPPER ? total / 2 : total - total / 2;
    }

    @Override
    public String toString() {
      return this == UPPER ? "same" : "same_lower";
    }
  }

  /**
   * Parses {@code valid}, {@code same}, {@code same_lower}, one number for all sides, or {@code
   * top,left,bottom,right}.
   *
   * @throws IllegalArgumentException if the text is anything else, with this list
   */
  static Padding parse(String text) {
    String padding = text.strip();
    switch (padding.toLowerCase(java.util.Locale.ROOT).replace('-', '_')) {
      case "valid" -> {
        return valid();
      }
      case "same", "same_upper" -> {
        return same();
      }
      case "same_lower" -> {
        return sameLower();
      }
      default -> {} // numbers
    }
    String[] parts = padding.split(",", -1);
    int[] sides = new int[parts.length];
    try {
      for (int i = 0; i < parts.length; i++) {
        sides[i] = Integer.parseInt(parts[i].strip());
      }
    } catch (NumberFormatException _) {
      sides = new int[0];
    }
    return switch (sides.length) {
      case 1 -> of(sides[0]);
      case 4 -> of(sides[0], sides[1], sides[2], sides[3]);
      default ->
          throw new IllegalArgumentException(
              "'%s' is not a padding: expected valid, same, same_lower, one number, or top,left,bottom,right"
                  .formatted(text));
    };
  }
}
