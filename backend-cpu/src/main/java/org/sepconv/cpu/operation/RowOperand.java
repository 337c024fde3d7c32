package org.sepconv.cpu.operation;

import org.sepconv.Axis;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.PlaceOffsets;
import org.sepconv.cpu.memory.Span;

/**
 * An input as rows of blocks of an output, with which it is computed value by value: where they
 * lie, or where it is repeated along channels or columns (broadcasting), copied to scratch.
 */
final class RowOperand {
  private final Shape input;
  private final ChannelBlocks output;
  private final PlaceOffsets places;

  /**
   * @param output whose channels and columns the rows have
   */
  RowOperand(ChannelBlocks input, ChannelBlocks output) {
    this.input = input.shape();
    this.output = output;
    Shape wanted = output.shape();
    this.places =
        PlaceOffsets.of(input)
            .repeatedTo(new Shape(wanted.n(), wanted.c(), this.input.h(), wanted.w()));
  }

  /** Whether its rows lie as those of the output. */
  boolean hasRows() {
    return input.c() == output.shape().c() && input.w() == output.shape().w();
  }

  /** Whether nothing of it is repeated. */
  boolean liesAsOutput() {
    return input.equals(output.shape());
  }

  /** Whether all rows of a block are the same. */
  boolean sameRows() {
    return input.h() == 1;
  }

  /** Where a row starts, if it {@link #hasRows}. */
  int row(int n, int block, int y) {
    return place(n, y) + places.of(Axis.CHANNEL)[block * output.block()];
  }

  private int place(int n, int y) {
    return places.of(Axis.BATCH)[n] + places.of(Axis.HEIGHT)[sameRows() ? 0 : y];
  }

  /** Writes a row; lanes past the last channel may get anything. */
  void copyRow(Span from, int n, int block, int y, float[] to, int at, Loops loops) {
    int lanes = output.block();
    if (input.c() == 1 && input.w() > 1) {
      int row = from.offset() + place(n, y);
      loops.spread(from.array(), row, to, at, lanes, output.shape().w());
      return;
    }
    if (input.w() == 1) {
      copyPixel(from, n, block, y, 0, to, at);
      Ranges.repeat(to, at, lanes, output.rowFloats());
      return;
    }
    for (int x = 0; x < output.shape().w(); x++) {
      copyPixel(from, n, block, y, x, to, at + x * lanes);
    }
  }

  /** Writes the lanes of one pixel, {@code x} of the input's columns. */
  void copyPixel(Span from, int n, int block, int y, int x, float[] to, int at) {
    float[] values = from.array();
    int base = from.offset() + place(n, y) + places.of(Axis.WIDTH)[x];
    int[] channels = places.of(Axis.CHANNEL);
    int first = block * output.block();
    int end = Math.min(first + output.block(), output.shape().c());
    for (int c = first; c < end; c++) {
      to[at + c - first] = values[base + channels[c]];
    }
  }
}
