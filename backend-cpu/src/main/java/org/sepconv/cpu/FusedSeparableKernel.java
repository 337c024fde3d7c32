package org.sepconv.cpu;

import org.sepconv.Conv2d;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;

/**
 * Both stages of a separable convolution, strip by strip: a few rows of the depthwise stage go into
 * a scratch that stays in the second-level cache, and from there through the matrix product.
 *
 * <pre>
 *   scratch   [pixel of the strip][channel], each pixel {@code pixelStride} floats
 * </pre>
 */
final class FusedSeparableKernel implements RowKernel {

  /** Values of the scratch: about 256 KiB. */
  private static final int SCRATCH_VALUES = 64 * 1024;

  private static final int[] ONE_TAP = {0};

  private final SeparableConv2d separable;
  private final Shape between;
  private final Shape output;
  private final DepthwiseKernel depthwise;
  private final MatrixProduct pointwise;
  private final int pixelStride;
  private final int stripRows;
  private final int[] pixelOffsets;

  FusedSeparableKernel(
      SeparableConv2d separable,
      SeparableWeights weights,
      Shape input,
      VectorEmitter emitter,
      SpanArena arena) {
    this.separable = separable;
    Conv2d first = separable.depthwise();
    this.between = first.outputShape(input);
    this.output = separable.outputShape(input);
    this.depthwise =
        new DepthwiseKernel(first, weights.depthwise(), first.geometry(input), emitter, arena);
    // One vector more than needed: with a power of two, the pixels of a tile would fall into the
    // same set of the first-level cache.
    this.pixelStride = emitter.padded(between.c()) + emitter.lanes();
    this.pointwise =
        new MatrixProduct(
            separable.pointwise(),
            weights.pointwise(),
            0,
            between.c(),
            pixelStride,
            emitter,
            arena);
    this.stripRows =
        Math.clamp(SCRATCH_VALUES / ((long) between.w() * pixelStride), 1, between.h());
    this.pixelOffsets = new int[stripRows * between.w()];
    java.util.Arrays.setAll(pixelOffsets, pixel -> pixel * pixelStride);
  }

  @Override
  public String id() {
    return "f32-separable-nhwc-%s-%s-generated"
        .formatted(KernelIds.shape(separable.depthwise()), pointwise.tileName());
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    return Math.multiplyExact(stripRows * between.w(), pixelStride);
  }

  @Override
  public int maxSlices() {
    return pointwise.panels();
  }

  @Override
  public double repeatedShare() {
    // A tap of the depthwise stage takes about three times as long as one of the pointwise stage.
    Conv2d first = separable.depthwise();
    double taps = 3.0 * first.kernelH() * first.kernelW();
    return taps / (taps + output.c());
  }

  @Override
  public void compute(Span src, Span dst, int first, int end, int slice, int slices, Span scratch) {
    for (int row = first; row < end; row++) {
      depthwise.row(
          src,
          row / between.h(),
          row % between.h(),
          scratch.array(),
          scratch.offset() + (row - first) * between.w() * pixelStride,
          pixelStride);
    }
    int pixels = (end - first) * between.w();
    int target = dst.offset() + first * output.w() * output.c();
    pointwise.multiply(
        scratch.array(),
        scratch.offset(),
        pixelOffsets,
        ONE_TAP,
        pixels,
        dst.array(),
        target,
        output.c(),
        slice,
        slices);
  }
}
