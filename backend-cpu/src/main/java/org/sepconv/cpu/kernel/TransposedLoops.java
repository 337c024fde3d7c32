package org.sepconv.cpu.kernel;

import java.util.List;
import org.sepconv.TransposedConv2d;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;

/**
 * Any transposed convolution in plain loops, for every family: row by row of the output, tap by
 * tap. The innermost loop runs over the output channels of a group in one block; where each channel
 * is on its own, over the pixels of a block, as the family does.
 *
 * <pre>
 *   packed weights   [tap][input channel][output channel of its group]
 * </pre>
 */
public final class TransposedLoops implements RowKernel {
  private final TransposedConv2d conv;
  private final ChannelBlocks in;
  private final ChannelBlocks out;
  private final TransposedRows rows;
  private final Loops loops;
  private final boolean depthwise;

  /** Keeps what others with the same weights use as well. */
  private final Span packed;

  public TransposedLoops(
      TransposedConv2d conv,
      PackedWeights.Packer given,
      ChannelBlocks in,
      ChannelBlocks out,
      Loops loops) {
    this.conv = conv;
    this.in = in;
    this.out = out;
    this.loops = loops;
    this.rows = new TransposedRows(conv, in, out, given.biasOrZeros(conv.outChannels()), loops);
    int taps = conv.kernelH() * conv.kernelW();
    this.depthwise = conv.groups() == conv.inChannels() && conv.outputsPerGroup() == 1;
    this.packed =
        given.packed(
            List.of("transposed", conv.inChannels(), taps, conv.outputsPerGroup()),
            () -> new Span(pack(conv, given.filter()), 0));
  }

  private static float[] pack(TransposedConv2d conv, float[] filter) {
    float[] weights = new float[filter.length];
    int taps = conv.kernelH() * conv.kernelW();
    int outputs = conv.outputsPerGroup();
    int source = 0;
    for (int c = 0; c < conv.inChannels(); c++) {
      for (int o = 0; o < outputs; o++) {
        for (int tap = 0; tap < taps; tap++) {
          weights[(tap * conv.inChannels() + c) * outputs + o] = filter[source++];
        }
      }
    }
    return weights;
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName()) + "-loops";
  }

  @Override
  public int stripRows() {
    return 4;
  }

  @Override
  public int scratchFloats() {
    return 0;
  }

  @Override
  public void compute(RowJob job) {
    Span src = job.src;
    Span dst = job.dst;
    int n = job.n;
    int end = job.y + job.rows;
    for (int y = job.y; y < end; y++) {
      rows.begin(dst, n, y);
      for (int i = 0; i < conv.kernelH(); i++) {
        int row = rows.inputRow(y, i);
        if (row >= 0 && depthwise) {
          addBlocks(src, dst, n, row, y, i);
        } else if (row >= 0) {
          for (int c = 0; c < conv.inChannels(); c++) {
            addChannel(src, dst, n, row, y, i, c);
          }
        }
      }
      rows.end(dst, n, y);
    }
  }

  /** Adds what one row of the input gives to one output row, where each channel is on its own. */
  private void addBlocks(Span src, Span dst, int n, int row, int y, int i) {
    for (int block = 0; block < in.count(); block++) {
      int first = block * in.block();
      int lanes = Math.min(in.block(), conv.inChannels() - first);
      int source = src.offset() + in.row(n, block, row);
      int target = dst.offset() + out.row(n, block, y);
      for (int j = 0; j < conv.kernelW(); j++) {
        int x = rows.firstColumn(j);
        loops.addPixels(
            src.array(),
            source + x * in.block(),
            in.block(),
            packed.array(),
            (i * conv.kernelW() + j) * conv.inChannels() + first,
            dst.array(),
            target + conv.outputColumn(x, j) * out.block(),
            conv.strideW() * out.block(),
            lanes,
            rows.endColumn(j) - x);
      }
    }
  }

  /** Adds what one row of one channel of the input gives to one output row. */
  private void addChannel(Span src, Span dst, int n, int row, int y, int i, int c) {
    int source = src.offset() + in.row(n, c / in.block(), row) + c % in.block();
    int outputs = conv.outputsPerGroup();
    int first = c / conv.channelsPerGroup() * outputs;
    for (int j = 0; j < conv.kernelW(); j++) {
      int weight = ((i * conv.kernelW() + j) * conv.inChannels() + c) * outputs;
      for (int o = first; o < first + outputs; ) {
        int next = Math.min(first + outputs, (o / out.block() + 1) * out.block());
        int target = dst.offset() + out.row(n, o / out.block(), y) + o % out.block();
        addTap(src.array(), source, dst.array(), target, j, weight + o - first, next - o);
        o = next;
      }
    }
  }

  private void addTap(
      float[] src, int source, float[] dst, int target, int j, int weight, int outputs) {
    float[] weights = packed.array();
    int end = rows.endColumn(j);
    for (int x = rows.firstColumn(j); x < end; x++) {
      float value = src[source + x * in.block()];
      int at = target + conv.outputColumn(x, j) * out.block();
      for (int o = 0; o < outputs; o++) {
        dst[at + o] += value * weights[weight + o];
      }
    }
  }
}
