package org.sepconv.cpu.operation;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Shape;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.layout.PlaceOffsets;
import org.sepconv.cpu.memory.Span;
import org.sepconv.spi.KernelCandidate;

/**
 * The same values as a tensor of other sizes. Where images and channels stay, the pixels of a block
 * lie as before; else values are counted through channels and pixels, on both sides.
 */
final class ReshapeKernel implements TensorKernel {
  private final ChannelBlocks output;
  private final boolean sameChannels;
  private final ChannelBlocks input;
  private final Walk from;
  private final Walk to;

  /**
   * Where values lie, counted in N, C, H, W order: for each channel of an image, and each pixel.
   */
  private record Walk(int[] channels, int[] pixels) {
    static Walk of(ChannelBlocks blocks) {
      Shape shape = blocks.shape();
      PlaceOffsets places = PlaceOffsets.of(blocks);
      int[] channels = new int[shape.n() * shape.c()];
      for (int i = 0; i < channels.length; i++) {
        channels[i] = places.of(Axis.BATCH)[i / shape.c()] + places.of(Axis.CHANNEL)[i % shape.c()];
      }
      int[] pixels = new int[shape.h() * shape.w()];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = places.of(Axis.HEIGHT)[i / shape.w()] + places.of(Axis.WIDTH)[i % shape.w()];
      }
      return new Walk(channels, pixels);
    }
  }

  ReshapeKernel(ChannelBlocks input, ChannelBlocks output) {
    this.input = input;
    this.output = output;
    this.sameChannels =
        input.shape().n() == output.shape().n() && input.shape().c() == output.shape().c();
    this.from = Walk.of(input);
    this.to = Walk.of(output);
  }

  @Override
  public String id() {
    return "f32-reshape-%s-%s".formatted(output.layoutName(), sameChannels ? "blocks" : "values");
  }

  @Override
  public List<KernelCandidate> considered() {
    List<KernelCandidate> all = new ArrayList<>();
    if (!sameChannels) {
      all.add(KernelCandidate.refused("blocks", "values go to other channels"));
    }
    String reason = sameChannels ? "pixels of a block lie as before" : "counted one by one";
    all.add(KernelCandidate.taken(id(), reason));
    return all;
  }

  /** Blocks, or values. */
  @Override
  public int units() {
    return sameChannels
        ? output.shape().n() * output.count()
        : from.channels.length * from.pixels.length;
  }

  @Override
  public long valuesPerUnit() {
    return sameChannels ? 2L * from.pixels.length * output.block() : 4;
  }

  @Override
  public void compute(Span[] inputs, Span target, Span scratch, int first, int end) {
    if (sameChannels) {
      copyBlocks(inputs[0], target, first, end);
    } else {
      copyValues(inputs[0], target, first, end);
    }
  }

  private void copyBlocks(Span source, Span target, int first, int end) {
    int length = from.pixels.length * output.block();
    for (int block = first; block < end; block++) {
      System.arraycopy(
          source.array(),
          source.offset() + input.row(block * input.shape().h()),
          target.array(),
          target.offset() + output.row(block * output.shape().h()),
          length);
    }
  }

  private void copyValues(Span source, Span target, int first, int end) {
    int pixel = first % from.pixels.length;
    int channel = first / from.pixels.length;
    int targetPixel = first % to.pixels.length;
    int targetChannel = first / to.pixels.length;
    for (int i = first; i < end; i++) {
      target.array()[target.offset() + to.channels[targetChannel] + to.pixels[targetPixel]] =
          source.array()[source.offset() + from.channels[channel] + from.pixels[pixel]];
      if (++pixel == from.pixels.length) {
        pixel = 0;
        channel++;
      }
      if (++targetPixel == to.pixels.length) {
        targetPixel = 0;
        targetChannel++;
      }
    }
  }
}
