package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.PlaceOffsets;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/** Softmax of one line after the other, each copied side by side to scratch. */
final class SoftmaxKernel implements TensorKernel {
  private final Softmax softmax;
  private final ChannelBlocks blocks;
  private final Loops loops;
  private final PlaceOffsets places;

  /** The shape with one value for each line. */
  private final Shape lines;

  /** For each value of a line, its share of the offset, beyond that of the first. */
  private final int[] steps;

  SoftmaxKernel(Softmax softmax, ChannelBlocks blocks, Loops loops) {
    this.softmax = softmax;
    this.blocks = blocks;
    this.loops = loops;
    this.places = PlaceOffsets.of(blocks);
    this.lines = softmax.axis().with(blocks.shape(), 1);
    this.steps = places.of(softmax.axis()).clone();
    for (int i = steps.length - 1; i >= 0; i--) {
      steps[i] -= steps[0];
    }
  }

  @Override
  public String id() {
    return "f32-softmax-%s-%s".formatted(blocks.layoutName(), softmax.axis());
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(KernelCandidate.taken(id(), "line by line, copied side by side"));
  }

  @Override
  public int units() {
    return lines.elements();
  }

  /** An exponential takes as long as moving some values. */
  @Override
  public long valuesPerUnit() {
    return 8L * steps.length;
  }

  @Override
  public int scratchFloats() {
    return steps.length;
  }

  @Override
  public void compute(Span[] inputs, Span to, Span scratch, int from, int end) {
    float[] line = scratch.array();
    for (int unit = from; unit < end; unit++) {
      int at = place(unit);
      copy(inputs[0], at, line, scratch.offset());
      softmax(line, scratch.offset());
      for (int i = 0; i < steps.length; i++) {
        to.array()[to.offset() + at + steps[i]] = line[scratch.offset() + i];
      }
    }
  }

  private int place(int unit) {
    int x = unit % lines.w();
    int y = unit / lines.w() % lines.h();
    int c = unit / (lines.w() * lines.h()) % lines.c();
    int n = unit / (lines.w() * lines.h() * lines.c());
    return places.of(Axis.BATCH)[n]
        + places.of(Axis.CHANNEL)[c]
        + places.of(Axis.HEIGHT)[y]
        + places.of(Axis.WIDTH)[x];
  }

  private void copy(Span from, int at, float[] line, int start) {
    for (int i = 0; i < steps.length; i++) {
      line[start + i] = from.array()[from.offset() + at + steps[i]];
    }
  }

  private void softmax(float[] line, int start) {
    int end = start + steps.length;
    float max = Ranges.max(line, start, end);
    for (int i = start; i < end; i++) {
      line[i] -= max;
    }
    loops.exponential(line, start, end);
    Ranges.divide(line, start, steps.length, Ranges.sum(line, start, end));
  }
}
