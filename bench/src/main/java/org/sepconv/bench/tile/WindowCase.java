package org.sepconv.bench.tile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sepconv.Activation;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.tile.Clamp;
import org.sepconv.cpu.tile.TileChoice;
import org.sepconv.cpu.tile.VectorEmitter;
import org.sepconv.cpu.tile.WindowTile;
import org.sepconv.cpu.tile.WindowTileEmitter.Distances;

/** A tile that walks over a window: of a large depthwise filter, or of groups of few channels. */
final class WindowCase implements TileCase {

  /** Filter rows. */
  private static final int RUNS = 3;

  private static final int TILES = 4;

  private final String what;
  private final Distances distances;
  private final int depth;
  private final int taps;
  private final int lanes;
  private final Span src;
  private final Span weights;
  private final int written;
  private final Span out;
  private final int[] runs = new int[RUNS];
  private final WindowTile tile;

  /**
   * @param depth steps of a run
   */
  private WindowCase(
      VectorEmitter emitter, Integers integers, String what, Distances distances, int depth) {
    this.lanes = emitter.lanes();
    this.what = what;
    this.distances = distances;
    this.depth = depth;
    this.taps = distances.taps(depth);
    int row =
        TILES * distances.pixels() * distances.pixel()
            + depth * distances.step()
            + distances.columns() * distances.column();
    this.src = integers.values(RUNS * row);
    this.weights = integers.values((RUNS * taps + 1) * lanes);
    this.written = TILES * distances.pixels() * lanes;
    this.out = integers.target(written);
    for (int i = 0; i < RUNS; i++) {
      runs[i] = i * row;
    }
    this.tile = emitter.windowTile(distances, false, false, Clamp.of(new Activation.Relu()));
  }

  /** Large filters, and every size of group that fits a vector; every number of pixels. */
  static List<TileCase> all(int bits, Integers integers) {
    VectorEmitter emitter = new VectorEmitter(TileChoice.standard(bits));
    int lanes = emitter.lanes();
    List<TileCase> all = new ArrayList<>();
    for (int together : new int[] {1, VectorEmitter.WINDOW_COLUMNS_TOGETHER}) {
      for (int pixels = emitter.maxWindowPixels(together, false); pixels > 0; pixels--) {
        for (int columns : new int[] {13, 31}) {
          Distances distances =
              Distances.ofChannels(pixels, lanes, columns, lanes, together, lanes);
          int depth = columns / distances.columns();
          all.add(new WindowCase(emitter, integers, columns + " columns", distances, depth));
        }
      }
    }
    for (int columns : new int[] {1, 3, 5, 7}) {
      for (int channels = 2; channels <= lanes; channels *= 2) {
        int pixels = emitter.maxWindowPixels(columns, false);
        int pixel = channels * lanes;
        Distances distances =
            channels < lanes
                ? Distances.ofGroups(pixels, pixel, columns, pixel, lanes, lanes)
                : Distances.ofWholeGroups(pixels, lanes, columns, lanes, lanes);
        all.add(new WindowCase(emitter, integers, "groups of " + channels, distances, channels));
      }
    }
    return all;
  }

  @Override
  public String name() {
    return "window %s, %d together, %d pixels"
        .formatted(what, distances.columns(), distances.pixels());
  }

  @Override
  public long flops() {
    return 2L * written * RUNS * taps;
  }

  @Override
  public void run() {
    int bias = weights.offset() + RUNS * taps * lanes;
    tile.compute(
        src.array(),
        src.offset(),
        runs,
        0,
        RUNS,
        depth,
        weights.array(),
        weights.offset(),
        bias,
        out.array(),
        out.offset(),
        TILES,
        lanes,
        out.array(),
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
    for (int i = 0; i < written; i++) {
      int lane = i % lanes;
      double sum = Integers.value(weights, RUNS * taps * lanes + lane);
      for (int tap = 0; tap < RUNS * taps; tap++) {
        int ofRun = tap % taps;
        int from =
            runs[tap / taps]
                + i / lanes * distances.pixel()
                + ofRun / distances.columns() * distances.step()
                + ofRun % distances.columns() * distances.column()
                + (distances.broadcast() ? 0 : lane);
        sum += Integers.value(src, from) * Integers.value(weights, tap * lanes + lane);
      }
      expected[i] = Math.max(0, sum);
    }
    return expected;
  }
}
