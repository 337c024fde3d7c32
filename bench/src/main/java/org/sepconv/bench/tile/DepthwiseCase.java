package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.DepthwiseTile;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;

/** A depthwise tile: some neighbouring pixels of a block of channels, no padding. */
final class DepthwiseCase implements TileCase {

  /** Pixels of a row, more or less: enough for what a call costs to be a small part. */
  private static final int ROW = 28;

  private static final int ROWS = 4;

  private final int pixels;
  private final int tiles;
  private final Taps taps;
  private final int lanes;
  private final int columns;
  private final Span src;
  private final Span weights;
  private final int written;
  private final Span out;
  private final int[] rowStarts;
  private final DepthwiseTile tile;
  private final Object[] shuffles = {};

  private DepthwiseCase(VectorEmitter emitter, Integers integers, int pixels, Taps taps) {
    this.pixels = pixels;
    this.tiles = Math.ceilDiv(ROW / taps.stride(), pixels);
    this.taps = taps;
    this.lanes = emitter.lanes();
    this.columns = taps.span(tiles * pixels);
    int rows = taps.rows() + (ROWS - 1) * taps.stride();
    this.src = integers.values(rows * columns * lanes);
    this.weights = integers.values((taps.rows() * taps.columns() + 1) * lanes);
    this.written = ROWS * tiles * pixels * lanes;
    this.out = integers.target(written);
    this.rowStarts = new int[ROWS * taps.rows()];
    for (int i = 0; i < rowStarts.length; i++) {
      int row = i / taps.rows() * taps.stride() + i % taps.rows();
      rowStarts[i] = row * columns * lanes;
    }
    this.tile =
        emitter
            .depthwiseTile(
                pixels, taps, lanes, false, false, false, Clamp.of(new Activation.Relu()))
            .tile();
  }

  /** Filters that networks have, with every number of pixels that a row can be cut into. */
  static List<TileCase> all(int bits, Integers integers) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    List<TileCase> all = new ArrayList<>();
    for (Taps taps :
        List.of(
            new Taps(3, 3, 1, 1),
            new Taps(3, 3, 2, 1),
            new Taps(5, 5, 1, 1),
            new Taps(5, 5, 2, 1),
            new Taps(7, 7, 1, 1),
            new Taps(3, 3, 1, 12))) {
      int most = emitter.maxPixels(taps.rows() * taps.columns(), taps.columns(), false);
      for (int pixels = most; pixels > 0; pixels--) {
        all.add(new DepthwiseCase(emitter, integers, pixels, taps));
      }
    }
    return all;
  }

  @Override
  public String name() {
    return "depthwise %dx%d stride %d dilation %d, %d pixels"
        .formatted(taps.rows(), taps.columns(), taps.stride(), taps.dilation(), pixels);
  }

  @Override
  public long flops() {
    return 2L * written * taps.rows() * taps.columns();
  }

  @Override
  public void run() {
    int row = tiles * pixels * lanes;
    tile.compute(
        src.array(),
        src.offset(),
        0,
        rowStarts,
        0,
        0,
        columns,
        weights.array(),
        weights.offset(),
        out.array(),
        out.offset(),
        lanes,
        0,
        row,
        ROWS,
        tiles,
        1,
        lanes,
        shuffles,
        0,
        out.array(),
        0,
        0);
  }

  @Override
  public float[] output() {
    return Integers.copy(out, written);
  }

  @Override
  public double[] expected() {
    double[] expected = new double[written];
    Arrays.fill(expected, Double.NaN);
    int count = taps.rows() * taps.columns();
    for (int i = 0; i < written; i++) {
      int lane = i % lanes;
      int pixel = i / lanes % (tiles * pixels);
      int row = i / lanes / (tiles * pixels);
      double sum = Integers.value(weights, count * lanes + lane);
      for (int tap = 0; tap < count; tap++) {
        int start = rowStarts[row * taps.rows() + tap / taps.columns()];
        int column = pixel * taps.stride() + tap % taps.columns() * taps.dilation();
        sum +=
            Integers.value(src, start + column * lanes + lane)
                * Integers.value(weights, tap * lanes + lane);
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
