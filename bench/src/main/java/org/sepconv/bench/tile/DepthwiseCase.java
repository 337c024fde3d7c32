package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.DepthwiseTile;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;

/** A depthwise tile: some neighbouring pixels of a block of channels, no padding. */
final class DepthwiseCase implements TileCase {
  private static final int TILES = 2;
  private static final int ROWS = 2;

  private final int pixels;
  private final Taps taps;
  private final int lanes;
  private final int columns;
  private final float[] src;
  private final float[] weights;
  private final float[] out;
  private final int[] rowStarts;
  private final DepthwiseTile tile;
  private final Object[] shuffles = {};

  private DepthwiseCase(VectorEmitter emitter, int pixels, Taps taps) {
    this.pixels = pixels;
    this.taps = taps;
    this.lanes = emitter.lanes();
    this.columns = taps.span(TILES * pixels);
    Integers integers = new Integers();
    int rows = taps.rows() + (ROWS - 1) * taps.stride();
    this.src = integers.array(rows * columns * lanes);
    this.weights = integers.array((taps.rows() * taps.columns() + 1) * lanes);
    this.out = Integers.target(ROWS * TILES * pixels * lanes);
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
  static List<TileCase> all(int bits) {
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
        all.add(new DepthwiseCase(emitter, pixels, taps));
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
    return 2L * out.length * taps.rows() * taps.columns();
  }

  @Override
  public void run() {
    int row = TILES * pixels * lanes;
    tile.compute(
        src, 0, 0, rowStarts, 0, 0, columns, weights, 0, out, 0, lanes, 0, row, ROWS, TILES, 1,
        lanes, shuffles, 0, out, 0);
  }

  @Override
  public float[] output() {
    return out;
  }

  @Override
  public double[] expected() {
    double[] expected = Integers.expected(out);
    int count = taps.rows() * taps.columns();
    for (int i = 0; i < out.length; i++) {
      int lane = i % lanes;
      int pixel = i / lanes % (TILES * pixels);
      int row = i / lanes / (TILES * pixels);
      double sum = weights[count * lanes + lane];
      for (int tap = 0; tap < count; tap++) {
        int start = rowStarts[row * taps.rows() + tap / taps.columns()];
        int column = pixel * taps.stride() + tap % taps.columns() * taps.dilation();
        sum += (double) src[start + column * lanes + lane] * weights[tap * lanes + lane];
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
