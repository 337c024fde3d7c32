package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.tile.WindowTile;
import org.sepconv.cpu.tile.WindowTileEmitter.Distances;

/** A tile that walks over a window: of a large depthwise filter, or of groups of few channels. */
final class WindowCase implements TileCase {

  /** Filter rows. */
  private static final int RUNS = 3;

  private static final int TILES = 1;

  private final String what;
  private final Distances distances;
  private final int depth;
  private final int lanes;
  private final float[] src;
  private final float[] weights;
  private final float[] out;
  private final int[] runs = new int[RUNS];
  private final WindowTile tile;

  /**
   * @param channels of a group
   * @param columns of the filter
   */
  private WindowCase(VectorEmitter emitter, int pixels, int channels, int columns) {
    this.lanes = emitter.lanes();
    this.what = channels == 1 ? "1 channel" : "groups of " + channels;
    this.distances = new Distances(pixels, channels * lanes, lanes, lanes);
    this.depth = columns * channels;
    Integers integers = new Integers();
    int row = (TILES * pixels + columns - 1) * channels * lanes;
    this.src = integers.array(RUNS * row);
    this.weights = integers.array((RUNS * depth + 1) * lanes);
    this.out = Integers.target(TILES * pixels * lanes);
    for (int i = 0; i < RUNS; i++) {
      runs[i] = i * row;
    }
    this.tile = emitter.windowTile(distances, false, false, Clamp.of(new Activation.Relu()));
  }

  /** Large filters, and every size of group that fits a vector; every number of pixels. */
  static List<TileCase> all(int bits) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    List<TileCase> all = new ArrayList<>();
    for (int pixels = emitter.maxWindowPixels(false); pixels > 0; pixels--) {
      all.add(new WindowCase(emitter, pixels, 1, 13));
    }
    for (int channels = 2; channels <= emitter.lanes(); channels *= 2) {
      all.add(new WindowCase(emitter, emitter.maxWindowPixels(false), channels, 3));
    }
    return all;
  }

  @Override
  public String name() {
    return "window, %s, %d runs of %d, %d pixels".formatted(what, RUNS, depth, distances.pixels());
  }

  @Override
  public long flops() {
    return 2L * out.length * RUNS * depth;
  }

  @Override
  public void run() {
    int bias = RUNS * depth * lanes;
    tile.compute(src, 0, runs, 0, RUNS, depth, weights, 0, bias, out, 0, TILES, lanes, out, 0);
  }

  @Override
  public float[] output() {
    return out;
  }

  @Override
  public double[] expected() {
    double[] expected = Integers.expected(out);
    for (int i = 0; i < out.length; i++) {
      int lane = i % lanes;
      double sum = weights[RUNS * depth * lanes + lane];
      for (int tap = 0; tap < RUNS * depth; tap++) {
        int from = runs[tap / depth] + i / lanes * distances.pixel() + tap % depth * lanes + lane;
        sum += (double) src[from] * weights[tap * lanes + lane];
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
