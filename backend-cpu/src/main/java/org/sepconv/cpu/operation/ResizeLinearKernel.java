package org.sepconv.cpu.operation;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Binary;
import org.sepconv.ResizeLinear;
import org.sepconv.Shape;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * Interpolation in two steps, each over whole rows: two rows of the input become one; then the
 * pixels before and behind each position are copied side by side, and become one as well.
 *
 * <pre>
 *   scratch   [row between two rows of the input | pixels before | pixels behind]
 * </pre>
 */
final class ResizeLinearKernel implements TensorKernel {
  private final ChannelBlocks input;
  private final ChannelBlocks output;
  private final Loops loops;
  private final ResizeLinear.Between[] rows;

  /** For each column of the output, where the pixels around it lie in a row of the input. */
  private final int[] before;

  private final int[] behind;

  /** For each value of a row of the output, the shares of those pixels. */
  private final float[] sharesBefore;

  private final float[] sharesBehind;

  ResizeLinearKernel(ResizeLinear resize, ChannelBlocks input, ChannelBlocks output, Loops loops) {
    this.input = input;
    this.output = output;
    this.loops = loops;
    Shape image = input.shape();
    int lanes = output.block();
    this.rows = new ResizeLinear.Between[output.shape().h()];
    Arrays.setAll(rows, y -> resize.rows(image, y));
    int width = output.shape().w();
    this.before = new int[width];
    this.behind = new int[width];
    this.sharesBefore = new float[output.rowFloats()];
    this.sharesBehind = new float[output.rowFloats()];
    for (int x = 0; x < width; x++) {
      ResizeLinear.Between columns = resize.columns(image, x);
      before[x] = columns.first() * lanes;
      behind[x] = columns.second() * lanes;
      Arrays.fill(sharesBefore, x * lanes, (x + 1) * lanes, 1 - columns.share());
      Arrays.fill(sharesBehind, x * lanes, (x + 1) * lanes, columns.share());
    }
  }

  @Override
  public String id() {
    return "f32-resize-linear-%s-rows".formatted(output.layoutName());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(
        KernelCandidate.taken(id(), "rows are combined as they lie, then pixels side by side"));
  }

  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return 2L * input.rowFloats() + 4L * output.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return Math.addExact(input.rowFloats(), Math.multiplyExact(2, output.rowFloats()));
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = output.shape().h();
    for (int unit = from; unit < end; unit++) {
      combineRows(inputs[0], unit / height * input.shape().h(), rows[unit % height], scratch);
      combineColumns(scratch, to.array(), to.offset() + output.row(unit));
    }
  }

  private void combineRows(Span source, int firstRow, ResizeLinear.Between between, Span scratch) {
    float[] combined = scratch.array();
    int at = scratch.offset();
    int length = input.rowFloats();
    Arrays.fill(combined, at, at + length, 0);
    addRow(1 - between.share(), source, firstRow + between.first(), combined, at);
    addRow(between.share(), source, firstRow + between.second(), combined, at);
  }

  private void addRow(float share, Span source, int row, float[] combined, int at) {
    int from = source.offset() + input.row(row);
    loops.addScaled(share, source.array(), from, combined, at, input.rowFloats());
  }

  private void combineColumns(Span scratch, float[] to, int target) {
    float[] values = scratch.array();
    int length = output.rowFloats();
    int first = scratch.offset() + input.rowFloats();
    int second = first + length;
    copyPixels(values, scratch.offset(), before, first);
    copyPixels(values, scratch.offset(), behind, second);
    loops.binary(Binary.Function.MULTIPLY, values, first, sharesBefore, 0, to, target, length);
    loops.addProducts(values, second, sharesBehind, 0, to, target, length);
  }

  private void copyPixels(float[] values, int row, int[] places, int to) {
    int lanes = output.block();
    if (lanes == 1) {
      for (int x = 0; x < places.length; x++) {
        values[to + x] = values[row + places[x]];
      }
      return;
    }
    for (int x = 0; x < places.length; x++) {
      System.arraycopy(values, row + places[x], values, to + x * lanes, lanes);
    }
  }
}
