package org.sepconv;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Channels turned into squares of pixels: N x B²C x H x W to N x C x BH x BW, the pixel shuffle of
 * sub-pixel convolution (Shi et al. 2016).
 *
 * @param block B, the side of a square
 */
public record DepthToSpace(int block, Order order) implements Rearrangement {

  /** What the channels of the input count first: ONNX's {@code mode}. */
  public enum Order {
    /** {@code (i * B + j) * C + c}: pixels of the square, then channels. ONNX's default. */
    DEPTH_COLUMN_ROW,
    /** {@code (c * B + i) * B + j}: channels, then pixels. PyTorch's {@code PixelShuffle}. */
    COLUMN_ROW_DEPTH
  }

  /**
   * @throws IllegalArgumentException if the block is not positive
   */
  public DepthToSpace {
    Objects.requireNonNull(order, "order");
    Inputs.requireBlock(block);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    long squares = (long) block * block;
    if (shape.c() % squares != 0) {
      throw new IllegalArgumentException(
          "%d channels do not make squares of %dx%d pixels".formatted(shape.c(), block, block));
    }
    // As many values as before, so that every size fits an int.
    return List.of(
        new Shape(shape.n(), (int) (shape.c() / squares), shape.h() * block, shape.w() * block));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    int pixel = place[2] % block * block + place[3] % block;
    place[1] =
        switch (order) {
          case DEPTH_COLUMN_ROW -> pixel * output.c() + place[1];
          case COLUMN_ROW_DEPTH -> place[1] * block * block + pixel;
        };
    place[2] /= block;
    place[3] /= block;
    return 0;
  }

  /** {@code depth to space 2, depth column row}. */
  @Override
  public String toString() {
    return "depth to space %d, %s"
        .formatted(block, order.name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }
}
