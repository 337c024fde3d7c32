package org.sepconv.vision;

/** The width and the height of a picture in pixels, as they are stored. */
public record PictureSize(int width, int height) {

  /** Width times height. */
  public long pixels() {
    return (long) width * height;
  }

  /** {@code 640x480}. */
  @Override
  public String toString() {
    return width + "x" + height;
  }
}
