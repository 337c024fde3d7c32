package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * A product of stacks of matrices, row by row: the sum over k of the pixel k of a row of the first,
 * repeated along the row, times row k of the second, in each lane.
 *
 * <pre>
 *   scratch   [sums of a row | pixel of the first, repeated | row of the second, where it is copied]
 * </pre>
 */
final class MatrixProductKernel implements TensorKernel {
  private final ChannelBlocks output;
  private final Loops loops;
  private final String whyNotTiled;
  private final int depth;

  /** As columns of the output, of which one at a time is read. */
  private final RowOperand first;

  private final RowOperand second;

  /**
   * @param whyNotTiled why {@link TiledProductKernel} does not compute it
   */
  MatrixProductKernel(
      ChannelBlocks firstInput,
      ChannelBlocks secondInput,
      ChannelBlocks output,
      Loops loops,
      String whyNotTiled) {
    this.whyNotTiled = whyNotTiled;
    this.output = output;
    this.loops = loops;
    this.depth = firstInput.shape().w();
    this.first = new RowOperand(firstInput, output);
    this.second = new RowOperand(secondInput, output);
  }

  @Override
  public String id() {
    return "f32-matrix-product-" + output.layoutName();
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(
        KernelCandidate.refused("tiled", whyNotTiled),
        KernelCandidate.taken(id(), "rows times pixels, a matrix in each lane"));
  }

  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return 2L * depth * output.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return Math.multiplyExact(3, output.rowFloats());
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = output.shape().h();
    int length = output.rowFloats();
    float[] sums = scratch.array();
    int at = scratch.offset();
    for (int row = from; row < end; row++) {
      int y = row % height;
      int plane = row / height;
      int block = plane % output.count();
      int n = plane / output.count();
      Arrays.fill(sums, at, at + length, 0);
      for (int k = 0; k < depth; k++) {
        addRow(inputs, scratch, n, block, y, k);
      }
      System.arraycopy(sums, at, to.array(), to.offset() + output.row(row), length);
    }
  }

  private void addRow(Span[] inputs, Span scratch, int n, int block, int y, int k) {
    int length = output.rowFloats();
    float[] sums = scratch.array();
    int pixels = scratch.offset() + length;
    float[] rows = second.hasRows() ? inputs[1].array() : scratch.array();
    int row = pixels + length;
    if (second.hasRows()) {
      row = inputs[1].offset() + second.row(n, block, k);
    } else {
      second.copyRow(inputs[1], n, block, k, scratch.array(), row, loops);
    }
    first.copyPixel(inputs[0], n, block, y, k, sums, pixels);
    if (output.block() == 1) {
      loops.addScaled(sums[pixels], rows, row, sums, scratch.offset(), length);
    } else {
      Ranges.repeat(sums, pixels, output.block(), length);
      loops.addProducts(rows, row, sums, pixels, sums, scratch.offset(), length);
    }
  }
}
