package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sepconv.ConvGeometry;
import org.sepconv.Pool2d;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * Pooling in two steps, each over whole rows: the rows of a window become one, with its padding;
 * then its columns, at every position, of which those of the stride are taken.
 *
 * <pre>
 *   scratch   [padding | columns of the input | padding][lane]    rows of the windows, combined
 *             [position][lane]                                    and their columns
 * </pre>
 */
final class PoolKernel implements TensorKernel {
  private final Pool2d pool;
  private final ConvGeometry geometry;
  private final ChannelBlocks input;
  private final ChannelBlocks output;

  /** Columns that the windows reach, with the padding. */
  private final int reach;

  /** For each number of rows that a window has of the input, what each value is divided by. */
  private final float[][] divisors;

  PoolKernel(Pool2d pool, ChannelBlocks input, ChannelBlocks output) {
    this.pool = pool;
    this.geometry = pool.geometry(input.shape());
    this.input = input;
    this.output = output;
    this.reach = (output.shape().w() - 1) * pool.strideW() + pool.kernelW();
    this.divisors = divisors();
  }

  private float[][] divisors() {
    if (pool.function() == Pool2d.Function.MAX) {
      return new float[0][];
    }
    float[][] all = new float[pool.kernelH() + 1][output.rowFloats()];
    for (int rows = 1; rows < all.length; rows++) {
      for (int x = 0; x < output.shape().w(); x++) {
        int count =
            pool.countPadding()
                ? pool.kernelH() * pool.kernelW()
                : rows * (geometry.endTapColumn(x) - geometry.firstTapColumn(x));
        Arrays.fill(all[rows], x * output.block(), (x + 1) * output.block(), count);
      }
    }
    return all;
  }

  @Override
  public String id() {
    boolean square = pool.strideH() == pool.strideW();
    return "f32-%s-pool-%s-%dx%ds%s-rows"
        .formatted(
            pool.function().name().toLowerCase(Locale.ROOT),
            input.layoutName(),
            pool.kernelH(),
            pool.kernelW(),
            square ? pool.strideH() : pool.strideH() + "x" + pool.strideW());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(
        KernelCandidate.taken(id(), "rows of the windows are combined as they lie, then columns"));
  }

  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return (long) (pool.kernelH() + pool.kernelW()) * reach * input.block();
  }

  @Override
  public int scratchFloats() {
    return Math.multiplyExact(2 * input.block(), reach);
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = output.shape().h();
    int lanes = input.block();
    int columns = pool.strideW();
    for (int unit = from; unit < end; unit++) {
      int y = unit % height;
      combineRows(inputs[0], unit / height, y, scratch);
      int combined = combineColumns(scratch);
      int target = to.offset() + output.row(unit);
      for (int x = 0; x < output.shape().w(); x++) {
        int position = combined + x * columns * lanes;
        System.arraycopy(scratch.array(), position, to.array(), target + x * lanes, lanes);
      }
      if (pool.function() == Pool2d.Function.AVERAGE) {
        float[] counts = divisors[geometry.endTapRow(y) - geometry.firstTapRow(y)];
        Loops.divide(to.array(), target, counts, 0, to.array(), target, output.rowFloats());
      }
    }
  }

  private void combineRows(Span source, int plane, int y, Span scratch) {
    float[] values = source.array();
    float[] combined = scratch.array();
    int lanes = input.block();
    int left = geometry.padding().left();
    int columns = Math.min(input.shape().w(), reach - left);
    int at = scratch.offset() + left * lanes;
    int length = columns * lanes;
    float nothing =
        switch (pool.function()) {
          case MAX -> Float.NEGATIVE_INFINITY;
          case AVERAGE -> 0;
        };
    Arrays.fill(combined, scratch.offset(), at, nothing);
    Arrays.fill(combined, at + length, scratch.offset() + reach * lanes, nothing);
    int first = plane * input.shape().h() + geometry.inputRow(y);
    int row = source.offset() + input.row(first + geometry.firstTapRow(y));
    System.arraycopy(values, row, combined, at, length);
    for (int i = geometry.firstTapRow(y) + 1; i < geometry.endTapRow(y); i++) {
      row += input.rowFloats();
      combine(values, row, combined, at, length);
    }
  }

  /** Where the result is. */
  private int combineColumns(Span scratch) {
    if (pool.kernelW() == 1) {
      return scratch.offset();
    }
    float[] values = scratch.array();
    int lanes = input.block();
    int to = scratch.offset() + reach * lanes;
    int length = (reach - pool.kernelW() + 1) * lanes;
    System.arraycopy(values, scratch.offset(), values, to, length);
    for (int j = 1; j < pool.kernelW(); j++) {
      combine(values, scratch.offset() + j * lanes, values, to, length);
    }
    return to;
  }

  private void combine(float[] values, int from, float[] combined, int at, int length) {
    switch (pool.function()) {
      case MAX -> Loops.max(combined, at, values, from, combined, at, length);
      case AVERAGE -> Loops.add(combined, at, values, from, combined, at, length);
    }
  }
}
