package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.BatchNorm;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/** Each channel times its scale and plus its shift, both repeated along a row in scratch. */
final class BatchNormKernel implements TensorKernel {
  private final ChannelBlocks blocks;

  /** For each channel, and zeros up to the end of the last block. */
  private final float[] scale;

  private final float[] shift;

  BatchNormKernel(BatchNorm norm, ChannelBlocks blocks) {
    this.blocks = blocks;
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
    return 2 * blocks.rowFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int length = blocks.rowFloats();
    int height = blocks.shape().h();
    int scales = scratch.offset();
    int shifts = scales + length;
    float[] values = inputs[0].array();
    for (int row = from; row < end; row++) {
      if (row == from || row % height == 0) {
        int block = row / height % blocks.count();
        repeat(scale, block, scratch.array(), scales);
        repeat(shift, block, scratch.array(), shifts);
      }
      int source = inputs[0].offset() + blocks.row(row);
      int target = to.offset() + blocks.row(row);
      Loops.multiply(values, source, scratch.array(), scales, to.array(), target, length);
      Loops.add(to.array(), target, scratch.array(), shifts, to.array(), target, length);
    }
  }

  private void repeat(float[] ofChannels, int block, float[] to, int at) {
    int lanes = blocks.block();
    System.arraycopy(ofChannels, block * lanes, to, at, lanes);
    Loops.repeat(to, at, lanes, blocks.rowFloats());
  }
}
