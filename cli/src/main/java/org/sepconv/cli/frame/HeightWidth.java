package org.sepconv.cli.frame;

/** A size in both directions, from {@code 3} or {@code 3x5} (height x width). */
public record HeightWidth(int height, int width) {

  /**
   * Parses one number for both directions, or two with an {@code x} between.
   *
   * @throws IllegalArgumentException if the text is anything else, quoting it
   */
  static HeightWidth parse(String text) {
    String[] parts = text.strip().split("x", -1);
    try {
      if (parts.length == 1 || parts.length == 2) {
        return new HeightWidth(
            Integer.parseInt(parts[0]), Integer.parseInt(parts[parts.length - 1]));
      }
    } catch (NumberFormatException _) {
      // Falls through to the one message that says what is expected.
    }
    throw new IllegalArgumentException(
        "'%s' is not a size: expected one number, or HxW, for instance 3 or 3x5".formatted(text));
  }

  @Override
  public String toString() {
    return height + "x" + width;
  }
}
