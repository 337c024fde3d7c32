package org.sepconv;

import java.util.List;

/**
 * The same values, in N, C, H, W order whatever the layout, as a tensor of other sizes.
 *
 * @param n the batch; {@link #AS_INPUT}, or {@link #REST} for one of the four
 */
public record Reshape(int n, int c, int h, int w) implements Rearrangement {

  /** As long as that dimension of the input. */
  public static final int AS_INPUT = 0;

  /** As long as is left by the others. */
  public static final int REST = -1;

  /**
   * @throws IllegalArgumentException if a size is less than -1, or more than one is the rest
   */
  public Reshape {
    int rests = 0;
    for (int size : new int[] {n, c, h, w}) {
      if (size < REST) {
        throw new IllegalArgumentException(
            "size %d of a reshape must be positive, 0 (as the input's) or -1 (the rest)"
                .formatted(size));
      }
      rests += size == REST ? 1 : 0;
    }
    if (rests > 1) {
      throw new IllegalArgumentException("only one size of a reshape can be the rest, -1");
    }
  }

  /** N x C x H x W to N x CHW x 1 x 1. */
  public static Reshape flatten() {
    return new Reshape(AS_INPUT, REST, 1, 1);
  }

  @Override
  public List<Shape> outputShapes(List<Shape> inputs) {
    Shape in = Inputs.only(this, inputs);
    int[] sizes = {n, c, h, w};
    long product = 1;
    int rest = -1;
    for (Axis axis : Axis.values()) {
      int i = axis.ordinal();
      if (sizes[i] == AS_INPUT) {
        sizes[i] = axis.size(in);
      }
      if (sizes[i] == REST) {
        rest = i;
      } else {
        // More than any tensor has stays more, and never overflows.
        product = Math.min(product * sizes[i], Integer.MAX_VALUE);
      }
    }
    if (rest >= 0 && in.elements() % product == 0) {
      sizes[rest] = (int) (in.elements() / product);
      product *= sizes[rest];
    }
    if (product != in.elements()) {
      throw new IllegalArgumentException(
          "%s cannot hold the %d values of %s".formatted(this, in.elements(), in));
    }
    return List.of(new Shape(sizes[0], sizes[1], sizes[2], sizes[3]));
  }

  @Override
  public int source(List<Shape> inputs, Shape output, int[] place) {
    Shape in = inputs.getFirst();
    int index = Layout.NCHW.index(output, place[0], place[1], place[2], place[3]);
    place[3] = index % in.w();
    place[2] = index / in.w() % in.h();
    place[1] = index / (in.w() * in.h()) % in.c();
    place[0] = index / (in.w() * in.h() * in.c());
    return 0;
  }

  /** {@code reshape to 0x-1x1x1}. */
  @Override
  public String toString() {
    return "reshape to %dx%dx%dx%d".formatted(n, c, h, w);
  }
}
