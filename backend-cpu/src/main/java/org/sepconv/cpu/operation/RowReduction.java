package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Reduce;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * A reduction over rows, columns or both. Rows are added up as they lie, so that each value of a
 * row is a sum of its own; then the row is folded in halves until one pixel is left.
 */
final class RowReduction implements TensorKernel {
  private final Reduce reduce;
  private final ChannelBlocks input;
  private final ChannelBlocks output;
  private final boolean rows;
  private final boolean columns;
  private final float divisor;

  /** Whether it is within rows or across them, not over channels or images. */
  static boolean computes(Reduce reduce) {
    return !reduce.axes().contains(Axis.BATCH) && !reduce.axes().contains(Axis.CHANNEL);
  }

  RowReduction(Reduce reduce, ChannelBlocks input, ChannelBlocks output) {
    this.reduce = reduce;
    this.input = input;
    this.output = output;
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
    return (long) (rows ? input.shape().h() : 1) * input.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return input.rowFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    float[] values = inputs[0].array();
    float[] sums = scratch.array();
    int length = input.rowFloats();
    int count = rows ? input.shape().h() : 1;
    for (int unit = from; unit < end; unit++) {
      int source = inputs[0].offset() + input.row(unit * count);
      System.arraycopy(values, source, sums, scratch.offset(), length);
      for (int y = 1; y < count; y++) {
        combine(values, source + y * length, sums, scratch.offset(), length);
      }
      if (columns) {
        fold(sums, scratch.offset());
      }
      if (divisor != 1) {
        Loops.divide(sums, scratch.offset(), divisor, output.rowFloats());
      }
      int target = to.offset() + output.row(unit);
      System.arraycopy(sums, scratch.offset(), to.array(), target, output.rowFloats());
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
      case MEAN, SUM -> Loops.add(sums, at, values, from, sums, at, length);
      case MAX -> Loops.max(sums, at, values, from, sums, at, length);
    }
  }
}
