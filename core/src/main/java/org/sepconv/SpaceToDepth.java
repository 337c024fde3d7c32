package org.sepconv;

import java.util.List;

/**
 * Squares of pixels turned into channels: N x C x BH x BW to N x B²C x H x W, where pixel i, j of a
 * square goes to channel {@code (i * B + j) * C + c}, as ONNX has it.
 *
 * @param block B, the side of a square
 */
public record SpaceToDepth(int block) implements Rearrangement {
  /**
   * @throws IllegalArgumentException if the block is not positive
   */
  public SpaceToDepth {
    Inputs.requireBlock(block);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape shape = Inputs.only(this, inputs);
    if (shape.h() % block != 0 || shape.w() % block != 0) {
      throw new IllegalArgumentException(
          "%dx%d pixels do not make squares of %dx%d"
              .formatted(shape.h(), shape.w(), block, block));
    }
    // As many values as before, so that every size fits an int.
    return List.of(
        new Shape(shape.n(), shape.c() * block * block, shape.h() / block, shape.w() / block));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    int channels = inputs.getFirst().c();
    int pixel = place[1] / channels;
    place[1] %= channels;
    place[2] = place[2] * block + pixel / block;
    place[3] = place[3] * block + pixel % block;
    return 0;
  }

  /** {@code space to depth 2}. */
  @Override
  public String toString() {
    return "space to depth " + block;
  }
}
