package org.sepconv.cpu.operation;

import static org.sepconv.Binary.Function.ADD;
import static org.sepconv.Binary.Function.MULTIPLY;

import java.util.List;
import org.sepconv.BatchNorm;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/** Each channel times its scale and plus its shift, both repeated along a row in scratch. */
final class BatchNormKernel implements TensorKernel {
  /** Of rows in scratch: enough to call a loop seldom, few enough for the first-level cache. */
  private static final int SCRATCH_FLOATS = 2048;

  private final ChannelBlocks blocks;
  private final Loops loops;

  /** At once. */
  private final int mostRows;

  /** For each channel, and zeros up to the end of the last block. */
  private final float[] scale;

  private final float[] shift;

  BatchNormKernel(BatchNorm norm, ChannelBlocks blocks, Loops loops) {
    this.blocks = blocks;
    this.loops = loops;
    int height = blocks.shape().h();
    this.mostRows = Math.clamp(SCRATCH_FLOATS / blocks.rowFloats(), 1, height);
    this.scale = new float[blocks.count() * blocks.block()];
    this.shift = new float[scale.length];
    for (int c = 0; c < blocks.shape().c(); c++) {
      scale[c] = (float) norm.scale(c);
      shift[c] = (float) norm.shift(c);
    }
  }

  @Override
  public String id() {
    return "f32-batch-norm-" + blocks.layoutName();
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(
        KernelCandidate.taken(id(), "a product and a sum; behind a convolution it folds into it"));
  }

  @Override
  public int units() {
    return blocks.rows();
  }

  @Override
  public long valuesPerUnit() {
    return 2L * blocks.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return 2 * mostRows * blocks.rowFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = blocks.shape().h();
    int scales = scratch.offset();
    int shifts = scales + mostRows * blocks.rowFloats();
    float[] factors = scratch.array();
    float[] values = inputs[0].array();
    float[] result = to.array();
    for (int row = from; row < end; ) {
      if (row == from || row % height == 0) {
        int block = row / height % blocks.count();
        repeat(scale, block, factors, scales);
        repeat(shift, block, factors, shifts);
      }
      int rows = Math.min(mostRows, Math.min(end - row, height - row % height));
      int length = rows * blocks.rowFloats();
      int source = inputs[0].offset() + blocks.row(row);
      int ti = to.offset() + blocks.row(row);
      loops.binary(MULTIPLY, values, source, factors, scales, result, ti, length);
      loops.binary(ADD, result, ti, factors, shifts, result, ti, length);
      row += rows;
    }
  }

  private void repeat(float[] ofChannels, int block, float[] to, int at) {
    int lanes = blocks.block();
    System.arraycopy(ofChannels, block * lanes, to, at, lanes);
    Ranges.repeat(to, at, lanes, mostRows * blocks.rowFloats());
  }
}
