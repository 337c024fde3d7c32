package org.sepconv.cpu;

import java.util.Arrays;
import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;

/**
 * Pointwise, standard and grouped convolution as an indirect matrix product: each pixel's row of
 * the matrix is where it lies in the input, tap by tap. Only where there is padding or more than
 * one tap is a strip of input rows copied, with its zeros around it, so that no tap needs a test.
 */
final class MatrixKernel implements RowKernel {

  /** Values of a strip, input or output: about 256 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 64 * 1024;

  /** The most values of a copied strip: 256 MiB. */
  private static final int MAX_STRIP_VALUES = 64 << 20;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final MatrixProduct[] groups;
  private final boolean direct;
  private final int stripRows;

  /** Width of a row of the copied strip in pixels, with its zeros. */
  private final int paddedWidth;

  private final int[] pixelOffsets;

  /** Tap offsets for each group. */
  private final int[][] tapOffsets;

  MatrixKernel(
      Conv2d conv,
      ConvWeights weights,
      ConvGeometry geometry,
      VectorEmitter emitter,
      SpanArena arena) {
    this.conv = conv;
    this.geometry = geometry;
    this.groups = new MatrixProduct[conv.groups()];
    Shape in = geometry.input();
    Shape out = geometry.output();
    this.direct =
        conv.kernelH() == 1
            && conv.kernelW() == 1
            && geometry.padding().equals(new org.sepconv.Padding.Explicit(0, 0, 0, 0));
    // Without dilation and groups the channels of neighbouring filter columns lie side by side: one
    // long tap for each filter row instead of many short ones.
    boolean joined = conv.groups() == 1 && conv.dilationW() == 1;
    int tapColumns = joined ? 1 : conv.kernelW();
    int depth = conv.channelsPerGroup() * (joined ? conv.kernelW() : 1);
    boolean uniform = direct && conv.strideH() == 1 && conv.strideW() == 1;
    int rowStride = uniform ? in.c() : 0;
    Arrays.setAll(
        groups, group -> new MatrixProduct(conv, weights, group, depth, rowStride, emitter, arena));
    this.paddedWidth = direct ? in.w() : (out.w() - 1) * conv.strideW() + conv.effectiveKernelW();
    long rowValues =
        Math.max((long) out.w() * out.c(), (long) conv.strideH() * paddedWidth * conv.inChannels());
    this.stripRows = Math.clamp(STRIP_VALUES / rowValues, 1, out.h());
    this.pixelOffsets = new int[stripRows * out.w()];
    for (int y = 0; y < stripRows; y++) {
      for (int x = 0; x < out.w(); x++) {
        pixelOffsets[y * out.w() + x] =
            (y * conv.strideH() * paddedWidth + x * conv.strideW()) * in.c();
      }
    }
    this.tapOffsets = new int[conv.groups()][conv.kernelH() * tapColumns];
    for (int group = 0; group < conv.groups(); group++) {
      for (int i = 0; i < conv.kernelH(); i++) {
        for (int j = 0; j < tapColumns; j++) {
          tapOffsets[group][i * tapColumns + j] =
              (i * conv.dilationH() * paddedWidth + j * conv.dilationW()) * in.c()
                  + group * conv.channelsPerGroup();
        }
      }
    }
  }

  /** Whether one output row's strip of input, with its zeros, is of a sensible size. */
  static boolean stripFits(ConvGeometry geometry) {
    Conv2d conv = geometry.conv();
    double width = (geometry.output().w() - 1.0) * conv.strideW() + conv.effectiveKernelW();
    return conv.effectiveKernelH() * width * conv.inChannels() <= MAX_STRIP_VALUES;
  }

  @Override
  public String id() {
    return KernelIds.of(conv) + "-" + groups[0].tileName() + "-generated";
  }

  @Override
  public int stripRows() {
    return stripRows;
  }

  @Override
  public int scratchFloats() {
    return direct
        ? 0
        : Math.multiplyExact(
            ((stripRows - 1) * conv.strideH() + conv.effectiveKernelH()) * paddedWidth,
            conv.inChannels());
  }

  @Override
  public int maxSlices() {
    return groups.length > 1 ? groups.length : groups[0].panels();
  }

  @Override
  public double repeatedShare() {
    return direct ? 0 : 0.05; // the copy of the strip
  }

  @Override
  public void compute(Span src, Span dst, int first, int end, int slice, int slices, Span scratch) {
    int height = geometry.output().h();
    int row = first;
    while (row < end) {
      // A strip may reach from one image of the batch into the next.
      int y = row % height;
      int rows = Math.min(end - row, height - y);
      strip(src, dst, row / height, y, rows, slice, slices, scratch);
      row += rows;
    }
  }

  private void strip(
      Span src, Span dst, int n, int y, int rows, int slice, int slices, Span scratch) {
    Shape in = geometry.input();
    Shape out = geometry.output();
    Span a = src;
    int aOffset = src.offset() + (n * in.h() + y * conv.strideH()) * in.w() * in.c();
    if (!direct) {
      copyPadded(src, n, y, rows, scratch);
      a = scratch;
      aOffset = scratch.offset();
    }
    int pixels = rows * out.w();
    int target = dst.offset() + (n * out.h() + y) * out.w() * out.c();
    // Groups are sliced as a whole, a single one by its panels.
    boolean byGroup = groups.length > 1;
    int firstGroup = byGroup ? groups.length * slice / slices : 0;
    int endGroup = byGroup ? groups.length * (slice + 1) / slices : 1;
    for (int group = firstGroup; group < endGroup; group++) {
      groups[group].multiply(
          a.array(),
          aOffset,
          pixelOffsets,
          tapOffsets[group],
          pixels,
          dst.array(),
          target,
          out.c(),
          byGroup ? 0 : slice,
          byGroup ? 1 : slices);
    }
  }

  /** Copies the input rows that output rows y to y + rows - 1 meet, with the zeros around them. */
  private void copyPadded(Span source, int n, int y, int rows, Span strip) {
    float[] src = source.array();
    float[] scratch = strip.array();
    Shape in = geometry.input();
    int channels = in.c();
    int rowValues = paddedWidth * channels;
    int inputRows = (rows - 1) * conv.strideH() + conv.effectiveKernelH();
    int left = Math.min(geometry.padding().left(), paddedWidth);
    int inside = Math.min(in.w(), paddedWidth - left);
    for (int i = 0; i < inputRows; i++) {
      int row = geometry.inputRow(y) + i;
      int target = strip.offset() + i * rowValues;
      if (row < 0 || row >= in.h()) {
        Arrays.fill(scratch, target, target + rowValues, 0);
        continue;
      }
      Arrays.fill(scratch, target, target + left * channels, 0);
      System.arraycopy(
          src,
          source.offset() + (n * in.h() + row) * in.w() * channels,
          scratch,
          target + left * channels,
          inside * channels);
      Arrays.fill(scratch, target + (left + inside) * channels, target + rowValues, 0);
    }
  }
}
