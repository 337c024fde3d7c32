package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Binary;
import org.sepconv.Shape;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * Arithmetic row by row. Where both inputs have the shape of the output, all rows of a block that
 * lie side by side at once; a row of an input that is repeated is copied to scratch, once for all
 * rows of a block that are the same.
 */
final class BinaryKernel implements TensorKernel {
  private final Binary.Function function;
  private final ChannelBlocks output;
  private final RowOperand first;
  private final RowOperand second;
  private final boolean sameShapes;

  BinaryKernel(
      Binary binary, ChannelBlocks firstInput, ChannelBlocks secondInput, ChannelBlocks output) {
    this.function = binary.function();
    this.output = output;
    this.first = new RowOperand(firstInput, output);
    this.second = new RowOperand(secondInput, output);
    Shape shape = output.shape();
    this.sameShapes = firstInput.shape().equals(shape) && secondInput.shape().equals(shape);
  }

  @Override
  public String id() {
    return "f32-%s-%s-%s"
        .formatted(
            new Binary(function), output.layoutName(), sameShapes ? "rows" : "repeated-rows");
  }

  @Override
  public List<KernelCandidate> considered() {
    List<KernelCandidate> all = new ArrayList<>();
    if (!sameShapes) {
      all.add(KernelCandidate.refused("rows", "an input is repeated along a dimension"));
    }
    String reason =
        sameShapes
            ? "all values lie in the same places"
            : "rows of what is repeated are copied to the cache";
    all.add(KernelCandidate.taken(id(), reason));
    return all;
  }

  @Override
  public int units() {
    return output.rows();
  }

  @Override
  public long valuesPerUnit() {
    return 3L * output.rowFloats();
  }

  @Override
  public int scratchFloats() {
    return sameShapes ? 0 : 2 * output.rowFloats();
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    if (sameShapes) {
      computeRuns(inputs[0], inputs[1], to, from, end);
    } else {
      computeRows(inputs[0], inputs[1], to, scratch, from, end);
    }
  }

  private void computeRuns(Span a, Span b, Span to, int from, int end) {
    int height = output.shape().h();
    for (int row = from; row < end; ) {
      int rows = Math.min(end - row, height - row % height);
      int at = output.row(row);
      Loops.binary(
          function,
          a.array(),
          a.offset() + at,
          b.array(),
          b.offset() + at,
          to.array(),
          to.offset() + at,
          rows * output.rowFloats());
      row += rows;
    }
  }

  private void computeRows(Span a, Span b, Span to, Span scratch, int from, int end) {
    int length = output.rowFloats();
    int height = output.shape().h();
    float[] aValues = first.hasRows() ? a.array() : scratch.array();
    float[] bValues = second.hasRows() ? b.array() : scratch.array();
    for (int row = from; row < end; row++) {
      int y = row % height;
      int plane = row / height;
      int block = plane % output.count();
      int n = plane / output.count();
      boolean another = row == from || y == 0;
      int ai = place(first, a, n, block, y, scratch, 0, another);
      int bi = place(second, b, n, block, y, scratch, length, another);
      int ti = to.offset() + output.row(row);
      Loops.binary(function, aValues, ai, bValues, bi, to.array(), ti, length);
    }
  }

  /** Where a row of an input is, after it was copied if it must be. */
  private static int place(
      RowOperand operand,
      Span from,
      int n,
      int block,
      int y,
      Span scratch,
      int at,
      boolean another) {
    if (operand.hasRows()) {
      return from.offset() + operand.row(n, block, y);
    }
    int start = scratch.offset() + at;
    if (another || !operand.sameRows()) {
      operand.copyRow(from, n, block, y, scratch.array(), start);
    }
    return start;
  }
}
