package org.sepconv.cpu.layout;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Layout;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Between values in a declared layout and {@link ChannelBlocks}, in parts that threads can take: a
 * block of an image each.
 */
public final class BlockConversion {
  private final TensorSpec spec;
  private final ChannelBlocks blocks;
  private final MatrixTurn turn;

  public BlockConversion(TensorSpec spec, ChannelBlocks blocks, MatrixTurn turn) {
    this.spec = spec;
    this.blocks = blocks;
    this.turn = turn;
  }

  /** Zeros for such a tensor, with slack for vectors that read past the end. */
  public Span allocate() {
    return Span.ofLength(Math.toIntExact(blocks.floats() + Span.SLACK));
  }

  /** Makes the rows of zeros such again, where other values have been in their place. */
  public void clearPadding(Span tensor) {
    for (int n = 0; n < blocks.shape().n(); n++) {
      for (int block = 0; block < blocks.count(); block++) {
        int zeros = tensor.offset() + blocks.row(n, block, -1);
        Arrays.fill(tensor.array(), zeros, zeros + blocks.rowFloats(), 0);
      }
    }
  }

  /** Problems for the code that conversions use. */
  public List<TinyProblem> tinyProblems() {
    return spec.layout() == Layout.NCHW ? turn.tinyProblems(blocks.block()) : List.of();
  }

  public int parts() {
    return blocks.shape().n() * blocks.count();
  }

  /** All parts of {@link #upload(float[], int, Span, int)}. */
  public void upload(float[] values, int offset, Span tensor) {
    for (int part = 0; part < parts(); part++) {
      upload(values, offset, tensor, part);
    }
  }

  /** All parts of {@link #download(Span, float[], int, int)}. */
  public void download(Span tensor, float[] values, int offset) {
    for (int part = 0; part < parts(); part++) {
      download(tensor, values, offset, part);
    }
  }

  /**
   * Converts part {@code part} of the values that start at {@code offset}.
   *
   * @param tensor the whole tensor; lanes past the last channel are left alone
   */
  public void upload(float[] values, int offset, Span tensor, int part) {
    Shape shape = blocks.shape();
    int plane = offset(tensor, part);
    int pixels = shape.h() * shape.w();
    int channels = channels(part);
    int from = offset + first(part);
    if (spec.layout() == Layout.NCHW) {
      turn.turn(values, from, pixels, tensor.array(), plane, blocks.block(), channels, pixels);
    } else {
      copy(values, from, shape.c(), tensor.array(), plane, blocks.block(), channels, pixels);
    }
  }

  /** The way back. */
  public void download(Span tensor, float[] values, int offset, int part) {
    Shape shape = blocks.shape();
    int plane = offset(tensor, part);
    int pixels = shape.h() * shape.w();
    int channels = channels(part);
    int to = offset + first(part);
    if (spec.layout() == Layout.NCHW) {
      turn.turn(tensor.array(), plane, blocks.block(), values, to, pixels, pixels, channels);
    } else {
      copy(tensor.array(), plane, blocks.block(), values, to, shape.c(), channels, pixels);
    }
  }

  private static void copy(
      float[] from,
      int fromOffset,
      int fromPixel,
      float[] to,
      int toOffset,
      int toPixel,
      int channels,
      int pixels) {
    if (fromPixel == channels && toPixel == channels) {
      System.arraycopy(from, fromOffset, to, toOffset, pixels * channels);
      return;
    }
    for (int p = 0; p < pixels; p++) {
      System.arraycopy(from, fromOffset + p * fromPixel, to, toOffset + p * toPixel, channels);
    }
  }

  /** Where the block's first pixel lies. */
  private int offset(Span tensor, int part) {
    return tensor.offset() + blocks.row(part / blocks.count(), part % blocks.count(), 0);
  }

  private int channels(int part) {
    int first = part % blocks.count() * blocks.block();
    return Math.min(blocks.block(), blocks.shape().c() - first);
  }

  /** Where the block's first value lies among the values in their declared layout. */
  private int first(int part) {
    Shape shape = blocks.shape();
    int pixels = shape.h() * shape.w();
    int image = part / blocks.count() * shape.c() * pixels;
    int channel = part % blocks.count() * blocks.block();
    return image + channel * (spec.layout() == Layout.NCHW ? pixels : 1);
  }
}
