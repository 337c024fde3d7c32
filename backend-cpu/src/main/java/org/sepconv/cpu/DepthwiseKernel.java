package org.sepconv.cpu;

import org.sepconv.Conv2d;
import org.sepconv.ConvGeometry;
import org.sepconv.ConvWeights;
import org.sepconv.Shape;

/**
 * Depthwise convolution with multiplier 1. The input is read where it lies: pixels at the border,
 * where part of the filter meets the padding, are tiles of their own with fewer taps.
 *
 * <pre>
 *   packed weights   [filter row][filter column][channel, padded to whole vectors]
 * </pre>
 */
final class DepthwiseKernel implements RowKernel {

  /** Output values of a strip: about 128 KiB, to stay in the second-level cache. */
  private static final int STRIP_VALUES = 32 * 1024;

  /** Input values that the first-level cache holds, with some room: 44 KiB of 48. */
  private static final int CACHED_VALUES = 11 * 1024;

  private final Conv2d conv;
  private final ConvGeometry geometry;
  private final int lanes;
  private final int padded;

  /** The filter, then the bias. */
  private final Span weights;

  /** One pixel, any number of taps: for columns where the filter meets the padding. */
  private final DepthwiseTile borderTile;

  /**
   * Tiles for the columns between, by the number of filter rows that meet the input and by the
   * number of pixels.
   */
  private final DepthwiseTile[][] tiles;

  /** The output columns whose taps all meet the input: {@code [interiorFirst, interiorEnd)}. */
  private final int interiorFirst;

  private final int interiorEnd;
  private final int maxPixels;

  DepthwiseKernel(
      Conv2d conv,
      ConvWeights given,
      ConvGeometry geometry,
      VectorEmitter emitter,
      SpanArena arena) {
    this.conv = conv;
    this.geometry = geometry;
    this.lanes = emitter.lanes();
    this.padded = emitter.padded(conv.outChannels());
    this.weights = pack(conv, given, padded, arena);
    Clamp clamp = Clamp.of(conv.activation());
    boolean masked = padded != conv.outChannels();
    this.borderTile = emitter.depthwiseTile(1, masked, clamp);
    int width = geometry.output().w();
    int first = 0;
    while (first < width && !wholeRow(first)) {
      first++;
    }
    int end = first;
    while (end < width && wholeRow(end)) {
      end++;
    }
    this.interiorFirst = first;
    this.interiorEnd = end;
    this.maxPixels = emitter.maxPixels();
    this.tiles = new DepthwiseTile[conv.kernelH() + 1][maxPixels + 1];
    for (int y = 0; y < geometry.output().h(); y++) {
      int rows = tapRows(y);
      for (int x = first; x < end; x += tilesFrom(x) * pixelsFrom(x)) {
        if (tiles[rows][pixelsFrom(x)] == null) {
          var taps =
              new DepthwiseTileEmitter.Taps(
                  rows,
                  conv.kernelW(),
                  conv.strideW(),
                  conv.dilationW(),
                  tilesFrom(x) > 1 && conv.strideW() == 1);
          tiles[rows][pixelsFrom(x)] = emitter.depthwiseTile(pixelsFrom(x), taps, masked, clamp);
        }
      }
    }
  }

  /** Filter rows that meet the input for output row y. */
  private int tapRows(int y) {
    return Math.max(0, geometry.endTapRow(y) - geometry.firstTapRow(y));
  }

  /** Pixels of the tile at column x: tiles of nearly equal size, not full ones and a small rest. */
  private int pixelsFrom(int x) {
    int left = interiorEnd - x;
    return Math.ceilDiv(left, Math.ceilDiv(left, maxPixels));
  }

  /**
   * How many tiles of that size to compute together from column x on: so many that their input
   * stays in the first-level cache while one vector of channels after the other goes over it.
   */
  private int tilesFrom(int x) {
    int left = interiorEnd - x;
    int pixels = pixelsFrom(x);
    int sameSize = left - Math.ceilDiv(left, maxPixels) * (pixels - 1);
    if (conv.strideW() > 1) {
      return 1; // tiles hardly share input; measured 112x112x64, stride 2: 0.162 instead of 0.176
      // ms
    }
    long inputOfTile = (long) conv.kernelH() * conv.strideW() * pixels * conv.inChannels();
    return Math.clamp(CACHED_VALUES / inputOfTile, 1, sameSize);
  }

  static boolean supports(Conv2d conv) {
    return conv.channelsPerGroup() == 1 && conv.outputsPerGroup() == 1;
  }

  private boolean wholeRow(int x) {
    return geometry.firstTapColumn(x) == 0 && geometry.endTapColumn(x) == conv.kernelW();
  }

  private static Span pack(Conv2d conv, ConvWeights given, int padded, SpanArena arena) {
    int taps = conv.kernelH() * conv.kernelW();
    Span packed = arena.allocate(Math.multiplyExact(taps + 1, padded));
    float[] filter = given.filter();
    for (int c = 0; c < conv.outChannels(); c++) {
      for (int tap = 0; tap < taps; tap++) {
        packed.array()[packed.offset() + tap * padded + c] = filter[c * taps + tap];
      }
    }
    float[] bias = given.biasOrZeros(conv.outChannels());
    System.arraycopy(bias, 0, packed.array(), packed.offset() + taps * padded, bias.length);
    return packed;
  }

  @Override
  public String id() {
    return "f32-depthwise-nhwc-%s-v%d-generated".formatted(KernelIds.shape(conv), lanes);
  }

  @Override
  public int stripRows() {
    Shape out = geometry.output();
    return Math.clamp(STRIP_VALUES / ((long) out.w() * out.c()), 1, out.h());
  }

  @Override
  public int scratchFloats() {
    return 0;
  }

  @Override
  public void compute(Span src, Span dst, int first, int end, int slice, int slices, Span scratch) {
    Shape out = geometry.output();
    int rowValues = out.w() * out.c();
    for (int row = first; row < end; row++) {
      row(src, row / out.h(), row % out.h(), dst.array(), dst.offset() + row * rowValues, out.c());
    }
  }

  /**
   * Computes one output row.
   *
   * @param outOffset where the row starts in {@code out}
   * @param outStride distance between two pixels in {@code out}
   */
  void row(Span src, int n, int y, float[] out, int outOffset, int outStride) {
    int width = geometry.output().w();
    DepthwiseTile[] interior = tiles[tapRows(y)];
    int x = 0;
    while (x < width) {
      if (x >= interiorFirst && x < interiorEnd) {
        int pixels = pixelsFrom(x);
        int count = tilesFrom(x);
        tiles(interior[pixels], count, src, n, y, x, out, outOffset + x * outStride, outStride);
        x += count * pixels;
      } else {
        tiles(borderTile, 1, src, n, y, x, out, outOffset + x * outStride, outStride);
        x++;
      }
    }
    if (Clamp.leaves(conv.activation())) {
      activate(out, outOffset, outStride);
    }
  }

  private void activate(float[] out, int outOffset, int outStride) {
    for (int x = 0; x < geometry.output().w(); x++) {
      int from = outOffset + x * outStride;
      VectorActivation.apply(conv.activation(), out, from, from + conv.outChannels());
    }
  }

  private void tiles(
      DepthwiseTile tile,
      int count,
      Span src,
      int n,
      int y,
      int x,
      float[] out,
      int outOffset,
      int outStride) {
    Shape in = geometry.input();
    int channels = in.c();
    int firstRow = geometry.firstTapRow(y);
    int firstColumn = geometry.firstTapColumn(x);
    int tapRows = tapRows(y);
    int tapColumns = Math.max(0, geometry.endTapColumn(x) - firstColumn);
    int row = geometry.inputRow(y) + firstRow * conv.dilationH();
    int column = geometry.inputColumn(x) + firstColumn * conv.dilationW();
    tile.compute(
        src.array(),
        src.offset() + ((n * in.h() + row) * in.w() + column) * channels,
        conv.dilationH() * in.w() * channels,
        conv.dilationW() * channels,
        conv.strideW() * channels,
        tapColumns == 0 ? 0 : tapRows,
        tapColumns,
        weights.array(),
        weights.offset() + (firstRow * conv.kernelW() + firstColumn) * padded,
        conv.kernelW() * padded,
        weights.offset() + conv.kernelH() * conv.kernelW() * padded,
        out,
        outOffset,
        outStride,
        channels,
        padded,
        count);
  }
}
