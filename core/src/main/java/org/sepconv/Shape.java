package org.sepconv;

/**
 * The four sizes of a tensor: batch, channels, height and width, each at least 1.
 *
 * <p>A tensor is addressed with an {@code int}, so the product may not exceed {@link
 * #MAX_ELEMENTS}; {@link IllegalArgumentException} says so, with the product.
 */
public record Shape(int n, int c, int h, int w) {

  /** The most values that one tensor can hold: the longest array that a JVM allocates. */
  public static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

  public Shape {
    requirePositive("batch", n);
    requirePositive("channels", c);
    requirePositive("height", h);
    requirePositive("width", w);
    // In double: the product of four ints can overflow a long as well.
    double elements = (double) n * c * h * w;
    if (elements > MAX_ELEMENTS) {
      throw new IllegalArgumentException(
          "a tensor of %dx%dx%dx%d has %.0f values, more than the %d that one array can hold; split the batch or the image"
              .formatted(n, c, h, w, elements, MAX_ELEMENTS));
    }
  }

  /** One image: batch 1. */
  public static Shape of(int c, int h, int w) {
    return new Shape(1, c, h, w);
  }

  /**
   * Parses {@code CxHxW} (batch 1) or {@code NxCxHxW}, as in {@code 64x56x56}.
   *
   * @throws IllegalArgumentException if the text is anything else, quoting it
   */
  public static Shape parse(String text) {
    String[] parts = text.strip().split("x", -1);
    try {
      int[] sizes = new int[parts.length];
      for (int i = 0; i < parts.length; i++) {
        sizes[i] = Integer.parseInt(parts[i]);
      }
      if (sizes.length == 3) {
        return of(sizes[0], sizes[1], sizes[2]);
      }
      if (sizes.length == 4) {
        return new Shape(sizes[0], sizes[1], sizes[2], sizes[3]);
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message that says what is expected.
    }
    throw new IllegalArgumentException(
        "'%s' is not a shape: expected CxHxW or NxCxHxW, for instance 64x56x56".formatted(text));
  }

  /** N x C x H x W, which fits an {@code int}. */
  public int elements() {
    return n * c * h * w;
  }

  /** The size in bytes of a float32 tensor of this shape. */
  public long bytes() {
    return 4L * elements();
  }

  /** The same shape with another batch size. */
  public Shape withBatch(int batch) {
    return new Shape(batch, c, h, w);
  }

  /**
   * Refuses an array whose length is not {@link #elements()}.
   *
   * @param what what the array is, for the message
   */
  public void checkLength(String what, long length) {
    if (length != elements()) {
      throw new IllegalArgumentException(
          "%s has %d values, but the shape %s needs %d".formatted(what, length, this, elements()));
    }
  }

  /** {@code NxCxHxW}. */
  @Override
  public String toString() {
    return n + "x" + c + "x" + h + "x" + w;
  }

  private static void requirePositive(String what, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d, but must be at least 1".formatted(what, value));
    }
  }
}
