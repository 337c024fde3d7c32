package org.sepconv.cpu.operation;

import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.PlaceOffsets;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/** A reduction over any dimensions: value by value, in float64. */
final class ReduceKernel implements TensorKernel {
  private final Reduce reduce;
  private final Shape input;
  private final Shape output;
  private final PlaceOffsets from;
  private final PlaceOffsets to;
  private final String layout;
  private final int valuesPerOutput;

  ReduceKernel(Reduce reduce, ChannelBlocks input, ChannelBlocks output) {
    this.reduce = reduce;
    this.input = input.shape();
    this.output = output.shape();
    this.from = PlaceOffsets.of(input);
    this.to = PlaceOffsets.of(output);
    this.layout = input.layoutName();
    this.valuesPerOutput = reduce.valuesPerOutput(input.shape());
  }

  /** {@code global-average-pool}, {@code max-over-channel}. */
  static String name(Reduce reduce) {
    return reduce.toString().replace(' ', '-');
  }

  @Override
  public String id() {
    return "f32-%s-%s-values".formatted(name(reduce), layout);
  }

  @Override
  public List<KernelCandidate> considered() {
    return List.of(
        KernelCandidate.refused("rows", "over images, not within one"),
        KernelCandidate.taken(id(), "value by value, over any dimensions"));
  }

  /** Values of the output. */
  @Override
  public int units() {
    return output.elements();
  }

  @Override
  public long valuesPerUnit() {
    return valuesPerOutput;
  }

  @Override
  public void compute(Span[] inputs, Span target, Span scratch, int first, int end) {
    for (int unit = first; unit < end; unit++) {
      int x = unit % output.w();
      int y = unit / output.w() % output.h();
      int c = unit / (output.w() * output.h()) % output.c();
      int n = unit / (output.w() * output.h() * output.c());
      int at =
          to.of(Axis.BATCH)[n]
              + to.of(Axis.CHANNEL)[c]
              + to.of(Axis.HEIGHT)[y]
              + to.of(Axis.WIDTH)[x];
      target.array()[target.offset() + at] = value(inputs[0], n, c, y, x);
    }
  }

  private float value(Span source, int n, int c, int y, int x) {
    double sum = 0;
    float max = Float.NEGATIVE_INFINITY;
    float[] values = source.array();
    boolean maximum = reduce.function() == Reduce.Function.MAX;
    for (int i = n; i < end(Axis.BATCH, n); i++) {
      for (int j = c; j < end(Axis.CHANNEL, c); j++) {
        int plane = source.offset() + from.of(Axis.BATCH)[i] + from.of(Axis.CHANNEL)[j];
        for (int k = y; k < end(Axis.HEIGHT, y); k++) {
          int row = plane + from.of(Axis.HEIGHT)[k];
          for (int l = x; l < end(Axis.WIDTH, x); l++) {
            float value = values[row + from.of(Axis.WIDTH)[l]];
            if (maximum) {
              max = Math.max(max, value);
            } else {
              sum += value;
            }
          }
        }
      }
    }
    return switch (reduce.function()) {
      case MAX -> max;
      case SUM -> (float) sum;
      case MEAN -> (float) (sum / valuesPerOutput);
    };
  }

  /** One past the last position; the first is 0 where the output has only one. */
  private int end(Axis axis, int position) {
    return reduce.axes().contains(axis) ? axis.size(input) : position + 1;
  }
}
