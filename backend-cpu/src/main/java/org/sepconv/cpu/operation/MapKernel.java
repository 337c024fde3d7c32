package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;
import org.sepconv.spi.KernelCandidate;

/** A function of each value, applied where the values were copied a moment ago. */
final class MapKernel implements TensorKernel {
  /** 16 KiB: what is copied is still in the first-level cache. */
  private static final int CHUNK = 4096;

  /** Replaces {@code values[from]} to {@code values[end - 1]}. */
  interface Function {
    void apply(float[] values, int from, int end);
  }

  private final String name;
  private final ChannelBlocks blocks;
  private final Function function;
  private final List<TinyProblem> tinyProblems;

  MapKernel(String name, ChannelBlocks blocks, Function function, List<TinyProblem> tinyProblems) {
    this.name = name;
    this.blocks = blocks;
    this.function = function;
    this.tinyProblems = tinyProblems;
  }

  @Override
  public String id() {
    return "f32-%s-%s".formatted(name, blocks.layoutName());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(KernelCandidate.taken(id(), "each value on its own, where it lies"));
  }

  @Override
  public List<TinyProblem> tinyProblems() {
    return tinyProblems;
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
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    int height = blocks.shape().h();
    for (int row = from; row < end; ) {
      int rows = Math.min(end - row, height - row % height);
      range(inputs[0], to, blocks.row(row), rows * blocks.rowFloats());
      row += rows;
    }
  }

  private void range(Span from, Span to, int at, int length) {
    for (int done = 0; done < length; done += CHUNK) {
      int next = Math.min(CHUNK, length - done);
      int start = to.offset() + at + done;
      // Between the nodes of a graph all tensors lie in one array.
      if (from.array() != to.array() || from.offset() != to.offset()) {
        System.arraycopy(from.array(), from.offset() + at + done, to.array(), start, next);
      }
      function.apply(to.array(), start, start + next);
    }
  }
}
