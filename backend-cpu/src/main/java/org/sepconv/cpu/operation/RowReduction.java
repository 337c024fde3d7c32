package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Reduce;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * A reduction over channels, rows or columns. Rows of all blocks are added up as they lie, so that
 * each value of a row is a sum of its own; then the row is folded in halves until one pixel is
 * left, and the lanes of a pixel are joined.
 */
final class RowReduction implements TensorKernel {
  private final Reduce reduce;
  private final Loops loops;
  private final ChannelBlocks input;
  private final ChannelBlocks output;
  private final boolean channels;
  private final boolean rows;
  private final boolean columns;

  /** Blocks that one value is of. */
  private final int blocks;

  private final float divisor;

  /** Whether it is within images. */
  static boolean computes(Reduce reduce) {
    return !reduce.axes().contains(Axis.BATCH);
  }

  RowReduction(Reduce reduce, ChannelBlocks input, ChannelBlocks output, Loops loops) {
    this.reduce = reduce;
    this.loops = loops;
    this.input = input;
    this.output = output;
    this.channels = reduce.axes().contains(Axis.CHANNEL);
    this.blocks = channels ? input.count() : 1;
    this.rows = reduce.axes().contains(Axis.HEIGHT);
    this.columns = reduce.axes().contains(Axis.WIDTH);
    this.divisor =
        reduce.function() == Reduce.Function.MEAN ? reduce.valuesPerOutput(input.shape()) : 1;
  }

  @Override
  public String id() {
    return "f32-%s-%s-rows".formatted(ReduceKernel.name(reduce), input.layoutName());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(KernelCandidate.taken(id(), "rows are combined as they lie, then folded"));
  }

  /** Rows of the output. */
  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return (long) blocks * (rows ? input.shape().h() : 1) * input.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return input.rowFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    float[] sums = scratch.array();
    int at = scratch.offset();
    for (int unit = from; unit < end; unit++) {
      int plane = unit / output.shape().h();
      int y = unit % output.shape().h();
      // The last block first: it is the one with lanes that hold no channel.
      for (int block = blocks - 1; block >= 0; block--) {
        int row = (plane * blocks + block) * input.shape().h() + y;
        addRows(inputs[0].array(), inputs[0].offset() + input.row(row), sums, at, block);
      }
      if (columns) {
        fold(sums, at);
      }
      if (channels) {
        joinLanes(sums, at);
      }
      if (divisor != 1) {
        Ranges.divide(sums, at, output.rowFloats(), divisor);
      }
      int target = to.offset() + output.row(unit);
      System.arraycopy(sums, at, to.array(), target, output.rowFloats());
    }
  }

  /** Adds the rows of one block; with the last one the sums begin. */
  private void addRows(float[] values, int source, float[] sums, int at, int block) {
    int length = input.rowFloats();
    int count = rows ? input.shape().h() : 1;
    boolean begins = block == blocks - 1;
    if (begins) {
      System.arraycopy(values, source, sums, at, length);
    }
    for (int y = begins ? 1 : 0; y < count; y++) {
      combine(values, source + y * length, sums, at, length);
    }
    if (begins && channels) {
      clearLanes(sums, at);
    }
  }

  /** In lanes past the last channel puts what changes no sum. */
  private void clearLanes(float[] sums, int at) {
    int used = input.shape().c() - (blocks - 1) * input.block();
    float nothing = reduce.function() == Reduce.Function.MAX ? Float.NEGATIVE_INFINITY : 0;
    for (int x = 0; used < input.block() && x < input.shape().w(); x++) {
      int pixel = at + x * input.block();
      Arrays.fill(sums, pixel + used, pixel + input.block(), nothing);
    }
  }

  /** One value of all lanes of a pixel, side by side. */
  private void joinLanes(float[] sums, int at) {
    for (int x = 0; x < output.shape().w(); x++) {
      int pixel = at + x * input.block();
      sums[at + x] =
          reduce.function() == Reduce.Function.MAX
              ? Ranges.max(sums, pixel, pixel + input.block())
              : Ranges.sum(sums, pixel, pixel + input.block());
    }
  }

  private void fold(float[] sums, int at) {
    for (int pixels = input.shape().w(); pixels > 1; ) {
      int kept = Math.ceilDiv(pixels, 2);
      combine(sums, at + kept * input.block(), sums, at, (pixels - kept) * input.block());
      pixels = kept;
    }
  }

  private void combine(float[] values, int from, float[] sums, int at, int length) {
    switch (reduce.function()) {
      case MEAN, SUM -> loops.binary(Binary.Function.ADD, sums, at, values, from, sums, at, length);
      case MAX -> loops.max(sums, at, values, from, sums, at, length);
    }
  }
}
