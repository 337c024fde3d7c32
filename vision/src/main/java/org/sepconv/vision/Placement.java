package org.sepconv.vision;

/**
 * Where a picture comes to lie in a tensor: it is resized, a part of that is cut out, and laid at a
 * place of the tensor, whose other pixels are padding.
 *
 * @param pictureWidth of the picture
 * @param pictureHeight of the picture
 * @param resizedWidth of the whole resized picture
 * @param resizedHeight of the whole resized picture
 * @param cropLeft the first column of it that is in the tensor
 * @param cropTop the first row
 * @param left the column of the tensor where it begins
 * @param top the row
 * @param width columns of the tensor that show the picture
 * @param height rows of the tensor that show the picture
 * @param tensorWidth columns of the tensor
 * @param tensorHeight rows of the tensor
 */
public record Placement(
    int pictureWidth,
    int pictureHeight,
    int resizedWidth,
    int resizedHeight,
    int cropLeft,
    int cropTop,
    int left,
    int top,
    int width,
    int height,
    int tensorWidth,
    int tensorHeight) {

  /** A resized picture that fills the tensor. */
  static Placement whole(Picture picture, int width, int height) {
    return at(picture, width, height, 0, 0, width, height);
  }

  /** A resized picture somewhere in the tensor. */
  static Placement at(
      Picture picture,
      int width,
      int height,
      int left,
      int top,
      int tensorWidth,
      int tensorHeight) {
    return new Placement(
        picture.width(),
        picture.height(),
        width,
        height,
        0,
        0,
        left,
        top,
        width,
        height,
        tensorWidth,
        tensorHeight);
  }

  /** Where in the picture a place of the tensor is: boxes that a network found come back so. */
  public Point toPicture(double x, double y) {
    return new Point(
        (x - left + cropLeft) * pictureWidth / resizedWidth,
        (y - top + cropTop) * pictureHeight / resizedHeight);
  }

  /** Where in the tensor a place of the picture is. */
  public Point toTensor(double x, double y) {
    return new Point(
        x * resizedWidth / pictureWidth - cropLeft + left,
        y * resizedHeight / pictureHeight - cropTop + top);
  }

  /** In a tensor with more padding to the right and below. */
  Placement in(int wider, int higher) {
    return new Placement(
        pictureWidth,
        pictureHeight,
        resizedWidth,
        resizedHeight,
        cropLeft,
        cropTop,
        left,
        top,
        width,
        height,
        wider,
        higher);
  }

  ResizedRows.Window window() {
    return new ResizedRows.Window(resizedWidth, resizedHeight, cropLeft, cropTop, width, height);
  }
}
