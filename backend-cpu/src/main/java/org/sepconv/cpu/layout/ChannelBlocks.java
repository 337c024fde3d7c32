package org.sepconv.cpu.layout;

import org.sepconv.Shape;

/**
 * How a tensor lies in memory, whatever its declared layout: channel-blocked, as oneDNN's nChw16c.
 *
 * <pre>
 *   [image n][block of channels b][row y, the first of them zeros][column x][channel of the block]
 * </pre>
 *
 * <p>Neighbouring pixels of a block lie side by side, so the rows that a filter meets never collide
 * in the sets of the first-level cache, and one register tile with constant distances serves every
 * number of channels. The row of zeros stands for every row and column of padding. Lanes of the
 * last block past the last channel hold anything finite or not; nobody reads them as values.
 *
 * @param shape N x C x H x W
 * @param block channels of a block: the lanes of a vector, or C where that is less
 */
public record ChannelBlocks(Shape shape, int block) {

  /** In blocks of a vector of channels, or of all where they are fewer. */
  public static ChannelBlocks ofVectors(Shape shape, int lanes) {
    return new ChannelBlocks(shape, Math.min(lanes, shape.c()));
  }

  /** Blocks of an image. */
  public int count() {
    return Math.ceilDiv(shape.c(), block);
  }

  /** Floats of a row of one block. */
  public int rowFloats() {
    return shape.w() * block;
  }

  /** Floats of one block of an image: the distance between blocks. */
  public int planeFloats() {
    return (shape.h() + 1) * rowFloats();
  }

  /** Floats of one image: the distance between images. */
  public int imageFloats() {
    return count() * planeFloats();
  }

  /**
   * Floats of the whole tensor, without slack.
   *
   * @return more than an int holds if the tensor is too large for an array
   */
  public long floats() {
    return (long) shape.n() * count() * (shape.h() + 1) * rowFloats();
  }

  /** Rows of all blocks of all images, but for those of zeros. */
  public int rows() {
    return shape.n() * count() * shape.h();
  }

  /**
   * Where a row starts, counted through all blocks of all images: {@code (n * count + b) * H + y}.
   */
  public int row(int row) {
    return row / shape.h() * planeFloats() + (row % shape.h() + 1) * rowFloats();
  }

  /** Where row {@code y} of block {@code b} of image {@code n} starts; y = -1 is the zeros. */
  public int row(int n, int b, int y) {
    return n * imageFloats() + b * planeFloats() + (y + 1) * rowFloats();
  }

  /** {@code nchw16c}, or {@code nhwc} where one block holds all channels. */
  public String layoutName() {
    return block == shape.c() ? "nhwc" : "nchw" + block + "c";
  }
}
