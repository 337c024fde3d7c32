package org.sepconv.cpu.kernel;

import java.util.Arrays;
import org.sepconv.TransposedConv2d;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;

/**
 * What all kernels of a transposed convolution have in common: which rows and columns of the input
 * a tap of the filter adds to an output row, and how such a row begins and ends. Immutable.
 */
public final class TransposedRows {
  private final TransposedConv2d conv;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final Loops loops;

  /** With zeros up to a whole block. */
  private final float[] bias;

  /**
   * @param bias O values
   */
  public TransposedRows(
      TransposedConv2d conv, ChannelBlocks in, ChannelBlocks out, float[] bias, Loops loops) {
    this.conv = conv;
    this.in = in;
    this.out = out;
    this.loops = loops;
    this.bias = Arrays.copyOf(bias, out.count() * out.block());
  }

  /** The row of the input that filter row {@code i} adds to output row {@code y}; -1 for none. */
  public int inputRow(int y, int i) {
    int distance = y - conv.outputRow(0, i);
    boolean meets =
        distance >= 0
            && distance % conv.strideH() == 0
            && distance / conv.strideH() < in.shape().h();
    return meets ? distance / conv.strideH() : -1;
  }

  /** The first column of the input that filter column {@code j} adds to the output. */
  public int firstColumn(int j) {
    return Math.clamp(Math.ceilDiv(-conv.outputColumn(0, j), conv.strideW()), 0, in.shape().w());
  }

  /** One past the last such column, not before the first. */
  public int endColumn(int j) {
    int last = out.shape().w() - 1 - conv.outputColumn(0, j);
    return Math.clamp(Math.floorDiv(last, conv.strideW()) + 1L, firstColumn(j), in.shape().w());
  }

  /** Fills an output row with the bias. */
  public void begin(Span dst, int n, int y) {
    int lanes = out.block();
    float[] values = dst.array();
    for (int block = 0; block < out.count(); block++) {
      int at = dst.offset() + out.row(n, block, y);
      System.arraycopy(bias, block * lanes, values, at, lanes);
      for (int done = lanes; done < out.rowFloats(); ) {
        int next = Math.min(done, out.rowFloats() - done);
        System.arraycopy(values, at, values, at + done, next);
        done += next;
      }
    }
  }

  /** Applies the activation to an output row. */
  public void end(Span dst, int n, int y) {
    for (int block = 0; block < out.count(); block++) {
      int at = dst.offset() + out.row(n, block, y);
      loops.activate(conv.activation(), dst.array(), at, at + out.rowFloats());
    }
  }
}
