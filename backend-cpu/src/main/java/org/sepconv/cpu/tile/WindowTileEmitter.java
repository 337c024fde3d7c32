package org.sepconv.cpu.tile;

import static org.sepconv.cpu.tile.VectorCode.each;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.sepconv.cpu.tile.VectorCode.Index;

/**
 * Emits a {@link WindowTile}.
 *
 * <pre>
 *   for each tile:
 *     sum[p] = 0
 *     for each run r: for each step t:
 *       for each tap j of the step: w[j] = weights[r][t][j]
 *       for each tap j, each pixel p: sum[p] = src[p][r][t][j] * w[j] + sum[p]
 *     add the bias and the residual, clamp, store
 * </pre>
 *
 * <p>After some loads comes a fence: {@link MatrixTileEmitter} says why. With single taps it has no
 * use, for the multiply-adds read the input from memory.
 *
 * <p>An input vector that several pixels meet, each with another tap of the step, is loaded once:
 * with 3 taps and 8 pixels side by side, 10 loads and 3 of weights for 24 multiply-adds.
 */
public final class WindowTileEmitter {

  /**
   * Pixels of a tile, taps of a step, and how far things lie apart.
   *
   * @param pixel neighbouring pixels of the output, in the source
   * @param step neighbouring steps of a run, in the source
   * @param columns taps of a step
   * @param column neighbouring taps of a step, in the source
   * @param rest taps of the step that ends a run, fewer than the others have
   * @param target neighbouring pixels of the output
   * @param broadcast whether all lanes see the same value of the source, not each its own
   */
  public record Distances(
      int pixels,
      int pixel,
      int step,
      int columns,
      int column,
      int rest,
      int target,
      boolean broadcast) {

    /**
     * Of a filter whose lanes do not meet: a run is a filter row, a step some of its columns.
     *
     * @param columns of the filter, {@code column} apart
     * @param together columns of a step
     */
    public static Distances ofChannels(
        int pixels, int pixel, int columns, int column, int together, int target) {
      int ofStep = Math.min(columns, together);
      return new Distances(
          pixels, pixel, ofStep * column, ofStep, column, columns % ofStep, target, false);
    }

    /**
     * Of groups as large as a vector or several: a run is a filter row of a block of channels, or
     * one of its columns, a step a channel, which all lanes see.
     *
     * @param columns of a run, {@code column} apart
     */
    public static Distances ofWholeGroups(
        int pixels, int pixel, int columns, int column, int target) {
      return new Distances(pixels, pixel, 1, columns, column, 0, target, true);
    }

    /**
     * Of groups whose channels follow one another in each pixel: a run is a filter row, or one of
     * its columns, a step a channel.
     *
     * @param columns of a run, {@code column} apart
     */
    public static Distances ofGroups(
        int pixels, int pixel, int columns, int column, int lanes, int target) {
      return new Distances(pixels, pixel, lanes, columns, column, 0, target, false);
    }

    /**
     * The most pixels of a tile whose sums, weights of a step and input value find registers.
     *
     * @param columns taps of a step
     */
    static int mostPixels(int bits, int columns) {
      return Registers.usable(bits) - columns - 1;
    }

    /** How many registers the code needs. */
    int registers() {
      return pixels + columns + 1;
    }

    /** Taps of a run of so many whole steps. */
    public int taps(int depth) {
      return depth * columns + rest;
    }

    @Override
    public String toString() {
      return "%dp_%d_%d_%dc%d_%d_%d%s"
          .formatted(pixels, pixel, step, columns, column, rest, target, broadcast ? "b" : "");
    }
  }

  /** Everything that the code depends on. */
  record Description(int bits, Distances distances, boolean masked, boolean residual, Clamp clamp) {
    String className() {
      return "WindowTile_v%d%s%s_%s_%08x"
          .formatted(
              bits / Float.SIZE,
              masked ? "m" : "",
              residual ? "r" : "",
              distances,
              clamp.hashCode());
    }
  }

  /** Without fences 11 pixels and 3 taps run at half the speed; with 3, broadcasts spill. */
  private static final int LOADS_BETWEEN_FENCES = 2;

  private final Description tile;
  private final Distances distances;
  private final int lanes;

  WindowTileEmitter(Description tile) {
    this.tile = tile;
    this.distances = tile.distances;
    this.lanes = tile.bits / Float.SIZE;
  }

  WindowTile emit() {
    Registers.require(tile.className(), tile.bits, distances.registers());
    return Emission.newTile(WindowTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int mask = code.vectorLocal();
    if (tile.masked) {
      code.firstLanes(mask, emission.value("tail"));
    }
    int[] sums = new int[distances.pixels];
    each(sums.length, p -> sums[p] = code.vectorLocal());
    code.loop(
        code.intLocal(),
        code.constant(0),
        emission.value("tiles"),
        1,
        () -> {
          each(sums.length, p -> code.zero(sums[p]));
          products(emission, sums);
          finish(emission, sums, mask);
          code.increment(
              emission.parameter("srcOffset"), code.constant(distances.pixels * distances.pixel));
          code.increment(
              emission.parameter("outOffset"), code.constant(distances.pixels * distances.target));
        });
  }

  private void products(Emission emission, int[] sums) {
    RunWalk.emit(
        emission,
        distances.columns * lanes,
        distances.rest * lanes,
        (start, weight) -> run(emission, start, weight, sums));
  }

  private void run(Emission emission, Index start, Index weight, int[] sums) {
    VectorCode code = emission.vectors();
    int t = code.intLocal();
    int[] w = new int[distances.columns];
    each(w.length, j -> w[j] = code.vectorLocal());
    int x = code.vectorLocal();
    Index at = code.plus(start, code.times(code.local(t), distances.step));
    Index of = code.plus(weight, code.times(code.local(t), distances.columns * lanes));
    code.loop(
        t,
        code.constant(0),
        emission.value("depth"),
        1,
        () -> step(emission, at, of, distances.columns, w, x, sums));
    step(emission, at, of, distances.rest, w, x, sums);
  }

  /** Each input vector that some taps of a step meet, and all its multiply-adds. */
  private void step(Emission emission, Index at, Index of, int taps, int[] w, int x, int[] sums) {
    VectorCode code = emission.vectors();
    each(taps, j -> code.load(w[j], emission.parameter("weights"), code.plus(of, j * lanes)));
    NavigableMap<Integer, List<Runnable>> products = new TreeMap<>();
    for (int j = 0; j < taps; j++) {
      for (int p = 0; p < sums.length; p++) {
        int weight = w[j];
        int sum = sums[p];
        products
            .computeIfAbsent(p * distances.pixel + j * distances.column, _ -> new ArrayList<>())
            .add(() -> code.multiplyAdd(weight, x, sum));
      }
    }
    int[] loads = new int[1];
    products.forEach(
        (offset, all) -> {
          if (distances.columns > 1 && loads[0] > 0 && loads[0] % LOADS_BETWEEN_FENCES == 0) {
            emission.fence();
          }
          loads[0]++;
          Index from = code.plus(at, offset);
          if (distances.broadcast) {
            code.broadcast(x, emission.parameter("src"), from);
          } else {
            code.load(x, emission.parameter("src"), from);
          }
          all.forEach(Runnable::run);
        });
  }

  /** The bias last: with it as the first value of each sum, C2 spills sums in the loops. */
  private void finish(Emission emission, int[] sums, int mask) {
    VectorCode code = emission.vectors();
    int x = code.vectorLocal();
    int out = emission.parameter("out");
    code.load(x, emission.parameter("weights"), emission.value("biasOffset"));
    each(sums.length, p -> code.add(sums[p], x, sums[p]));
    if (tile.residual) {
      each(
          sums.length,
          p -> {
            code.load(
                x,
                emission.parameter("residual"),
                code.plus(place(emission, p), emission.value("residualShift")));
            code.add(sums[p], x, sums[p]);
          });
    }
    emission.activation().apply(sums, tile.clamp);
    each(
        sums.length,
        p -> {
          if (tile.masked) {
            code.store(sums[p], out, place(emission, p), mask);
          } else {
            code.store(sums[p], out, place(emission, p));
          }
        });
  }

  /** Where pixel p goes. */
  private Index place(Emission emission, int p) {
    return emission.vectors().plus(emission.value("outOffset"), p * distances.target);
  }
}
