package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Binary;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.KernelCandidate;

/**
 * Arithmetic on runs of rows. An input with the shape of the output is read where it lies; rows of
 * one that is repeated are copied to scratch, once for a whole block where they are all the same.
 */
final class BinaryKernel implements TensorKernel {
  /** Of rows in scratch: enough to call a loop seldom, few enough for the first-level cache. */
  private static final int SCRATCH_FLOATS = 2048;

  private final Binary.Function function;
  private final ChannelBlocks output;
  private final RowOperand first;
  private final RowOperand second;
  private final boolean sameShapes;
  private final Loops loops;

  /** At once. */
  private final int mostRows;

  BinaryKernel(
      Binary binary,
      ChannelBlocks firstInput,
      ChannelBlocks secondInput,
      ChannelBlocks output,
      Loops loops) {
    this.function = binary.function();
    this.output = output;
    this.loops = loops;
    this.first = new RowOperand(firstInput, output);
    this.second = new RowOperand(secondInput, output);
    this.sameShapes = first.liesAsOutput() && second.liesAsOutput();
    int height = output.shape().h();
    this.mostRows =
        sameShapes ? height : Math.clamp(SCRATCH_FLOATS / output.rowFloats(), 1, height);
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
    return sameShapes ? 0 : 2 * mostRows * output.rowFloats();
  }

  @Override
  public List<TinyProblem> tinyProblems() {
    return loops.tinyProblems(function);
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = output.shape().h();
    int half = mostRows * output.rowFloats();
    Span a = inputs[0];
    Span b = inputs[1];
    float[] aValues = first.liesAsOutput() ? a.array() : scratch.array();
    float[] bValues = second.liesAsOutput() ? b.array() : scratch.array();
    for (int row = from; row < end; ) {
      int rows = Math.min(mostRows, Math.min(end - row, height - row % height));
      boolean another = row == from || row % height == 0;
      int ai = place(first, a, row, rows, scratch, scratch.offset(), another);
      int bi = place(second, b, row, rows, scratch, scratch.offset() + half, another);
      int ti = to.offset() + output.row(row);
      loops.binary(function, aValues, ai, bValues, bi, to.array(), ti, rows * output.rowFloats());
      row += rows;
    }
  }

  /**
   * Where rows of an input are, after they were copied if they must be.
   *
   * @param another whether the rows before were of another block
   */
  private int place(
      RowOperand operand, Span from, int row, int rows, Span scratch, int at, boolean another) {
    if (operand.liesAsOutput()) {
      return from.offset() + output.row(row);
    }
    float[] to = scratch.array();
    int height = output.shape().h();
    int n = row / height / output.count();
    int block = row / height % output.count();
    int length = output.rowFloats();
    if (!operand.sameRows()) {
      for (int i = 0; i < rows; i++) {
        operand.copyRow(from, n, block, row % height + i, to, at + i * length, loops);
      }
    } else if (another) {
      operand.copyRow(from, n, block, 0, to, at, loops);
      Ranges.repeat(to, at, length, mostRows * length);
    }
    return at;
  }
}
