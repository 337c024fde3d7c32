package org.sepconv.cpu.scalar;

import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.cpu.kernel.KernelIds;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.kernel.RowKernel;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.PackedWeights;
import org.sepconv.cpu.memory.Span;

/**
 * Any convolution in plain loops. The innermost one runs over the output channels of a group, so
 * that input value times weights is a contiguous multiply-add, which C2 vectorises by itself.
 *
 * <pre>
 *   packed weights   [tap][input channel of the group][output channel], all groups side by side:
 *                    weights[(tap * C/g + c) * O + o]
 * </pre>
 */
final class ScalarKernel implements RowKernel {
  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final ChannelBlocks in;
  private final ChannelBlocks out;

  /** Keeps what others with the same weights use as well. */
  private final Span packed;

  private final float[] weights;
  private final float[] bias;

  ScalarKernel(Conv2d conv, PackedWeights.Packer given, ConvGeometry geometry) {
    this.conv = conv;
    this.geometry = geometry;
    this.in = ScalarKernels.nhwc(geometry.input());
    this.out = ScalarKernels.nhwc(geometry.output());
    this.bias = given.biasOrZeros(conv.outChannels());
    int taps = conv.kernelH() * conv.kernelW();
    this.packed =
        given.packed(
            List.of(conv.channelsPerGroup(), taps, conv.outChannels()),
            () -> new Span(pack(conv, given.filter()), 0));
    this.weights = packed.array();
  }

  private static float[] pack(Conv2d conv, float[] filter) {
    float[] weights = new float[filter.length];
    int taps = conv.kernelH() * conv.kernelW();
    int source = 0;
    for (int o = 0; o < conv.outChannels(); o++) {
      for (int c = 0; c < conv.channelsPerGroup(); c++) {
        for (int tap = 0; tap < taps; tap++) {
          weights[(tap * conv.channelsPerGroup() + c) * conv.outChannels() + o] = filter[source++];
        }
      }
    }
    return weights;
  }

  @Override
  public String id() {
    return KernelIds.of(conv, out.layoutName()) + "-scalar";
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
    Span residual = job.residual;
    Span dst = job.dst;
    int n = job.n;
    int end = job.y + job.rows;
    for (int row = job.y; row < end; row++) {
      for (int x = 0; x < geometry.output().w(); x++) {
        pixel(src, residual, dst, n, row, x);
      }
    }
  }

  private void pixel(Span src, Span residual, Span output, int n, int y, int x) {
    int channels = geometry.output().c();
    float[] dst = output.array();
    int place = out.row(n, 0, y) + x * channels;
    int target = output.offset() + place;
    if (conv.residual()) {
      int added = residual.offset() + place;
      for (int o = 0; o < channels; o++) {
        dst[target + o] = bias[o] + residual.array()[added + o];
      }
    } else {
      System.arraycopy(bias, 0, dst, target, channels);
    }
    for (int i = geometry.firstTapRow(y); i < geometry.endTapRow(y); i++) {
      int row = geometry.inputRow(y) + i * conv.dilationH();
      for (int j = geometry.firstTapColumn(x); j < geometry.endTapColumn(x); j++) {
        int column = geometry.inputColumn(x) + j * conv.dilationW();
        int source = src.offset() + in.row(n, 0, row) + column * conv.inChannels();
        tap(src.array(), source, dst, target, i * conv.kernelW() + j);
      }
    }
    ScalarActivation.apply(conv.activation(), dst, target, target + channels);
  }

  private void tap(float[] src, int source, float[] dst, int target, int tap) {
    int channels = conv.channelsPerGroup();
    int outputs = conv.outputsPerGroup();
    int weight = tap * channels * conv.outChannels();
    if (channels == 1 && outputs == 1) {
      for (int c = 0; c < conv.inChannels(); c++) {
        dst[target + c] += src[source + c] * weights[weight + c];
      }
      return;
    }
    for (int c = 0; c < channels; c++) {
      for (int group = 0; group < conv.groups(); group++) {
        float value = src[source + group * channels + c];
        int begin = group * outputs;
        for (int o = begin; o < begin + outputs; o++) {
          dst[target + o] += value * weights[weight + o];
        }
      }
      weight += conv.outChannels();
    }
  }
}
