package org.sepconv.cpu;

import static org.sepconv.cpu.VectorCode.each;

import java.util.Optional;
import org.sepconv.cpu.VectorCode.Emission;
import org.sepconv.cpu.VectorCode.Index;

/**
 * Emits a {@link DepthwiseTile}.
 *
 * <pre>
 *   for each vector of channels c: for each tile:
 *     sum[p] = 0
 *     for each filter row i: for each filter column j:
 *       w = weights[i][j][c]                              kept from tile to tile if there are few
 *       for each pixel p: sum[p] = src[p][i][j][c] * w + sum[p]
 *     add the bias, clamp, store (the last vector in part)
 * </pre>
 *
 * <p>Where the taps are known, their loops are unrolled, and an input vector that several pixels of
 * the tile meet is loaded once: with 3 x 3, stride 1 and 8 pixels, 30 loads for 72 multiply-adds.
 */
final class DepthwiseTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param taps the taps to unroll, or empty for loops over any number of them
   * @param masked whether the last vector is stored in part: a tile of its own, since the code
   *     twice in one method would be too large for C2
   */
  record Description(int bits, int pixels, Optional<Taps> taps, boolean masked, Clamp clamp) {
    String className() {
      return "DepthwiseTile_%dpv%d%s_%s_%08x"
          .formatted(
              pixels,
              bits / Float.SIZE,
              masked ? "m" : "",
              taps.map(Taps::name).orElse("any"),
              clamp.hashCode());
    }
  }

  /**
   * Filter rows and columns that meet the input, and horizontal stride and dilation.
   *
   * @param keptWeights whether several tiles side by side are worth keeping the weights in
   *     registers
   */
  record Taps(int rows, int columns, int stride, int dilation, boolean keptWeights) {
    String name() {
      return "%dx%ds%dd%d%s".formatted(rows, columns, stride, dilation, keptWeights ? "k" : "");
    }
  }

  /** Weights that stay in registers: with 7 sums and what C2 loads ahead they fill 32. */
  private static final int MAX_KEPT = 9;

  private final Description tile;
  private final int lanes;

  DepthwiseTileEmitter(Description tile) {
    this.tile = tile;
    this.lanes = tile.bits / Float.SIZE;
  }

  DepthwiseTile emit() {
    return VectorCode.newKernel(DepthwiseTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    Index channels = code.local(emission.parameter(14));
    int c = code.intLocal();
    code.loop(c, code.constant(0), channels, lanes, () -> vector(emission, c));
  }

  /** All tiles of one vector of channels. */
  private void vector(Emission emission, int c) {
    VectorCode code = emission.vectors();
    int weights = emission.parameter(7);
    Index biasOffset = code.local(emission.parameter(10));
    Index channels = code.local(emission.parameter(14));
    int mask = code.vectorLocal();
    if (tile.masked) {
      code.firstLanes(mask, code.minus(channels, code.local(c)));
    }
    int bias = code.vectorLocal();
    code.load(bias, weights, code.plus(biasOffset, code.local(c)));
    int[] kept = tile.taps.map(taps -> keepWeights(emission, c, taps)).orElse(new int[0]);
    int source = code.intLocal();
    int target = code.intLocal();
    code.set(source, code.plus(code.local(emission.parameter(1)), code.local(c)));
    code.set(target, code.plus(code.local(emission.parameter(12)), code.local(c)));
    int t = code.intLocal();
    code.loop(
        t,
        code.constant(0),
        code.local(emission.parameter(16)),
        1,
        () -> {
          tile(emission, c, source, target, bias, kept, mask);
          code.increment(source, code.times(code.local(emission.parameter(4)), tile.pixels));
        });
  }

  /** Loads the weights into registers, if there are enough for all of them. */
  private int[] keepWeights(Emission emission, int c, Taps taps) {
    VectorCode code = emission.vectors();
    if (!taps.keptWeights || taps.rows * taps.columns > MAX_KEPT) {
      return new int[0];
    }
    int[] kept = new int[taps.rows * taps.columns];
    for (int i = 0; i < taps.rows; i++) {
      for (int j = 0; j < taps.columns; j++) {
        kept[i * taps.columns + j] = code.vectorLocal();
        loadWeight(emission, kept[i * taps.columns + j], c, i, j);
      }
    }
    return kept;
  }

  private void loadWeight(Emission emission, int vector, int c, int i, int j) {
    VectorCode code = emission.vectors();
    Index weightOffset = code.local(emission.parameter(8));
    Index row = code.times(code.local(emission.parameter(9)), i);
    Index column = code.times(code.local(emission.parameter(15)), j);
    Index tap = code.plus(code.plus(weightOffset, code.local(c)), code.plus(row, column));
    code.load(vector, emission.parameter(7), tap);
  }

  private void tile(
      Emission emission, int c, int source, int target, int bias, int[] kept, int mask) {
    VectorCode code = emission.vectors();
    int out = emission.parameter(11);
    int[] sums = new int[tile.pixels];
    each(tile.pixels, p -> sums[p] = code.vectorLocal());
    each(tile.pixels, p -> code.zero(sums[p]));

    tile.taps.ifPresentOrElse(
        taps -> unrolled(emission, c, source, sums, taps, kept),
        () -> looped(emission, c, source, sums));

    // The bias last: with it as the first value of each sum, C2 spills sums in the loops.
    each(tile.pixels, p -> code.add(sums[p], bias, sums[p]));
    code.clamp(sums, tile.clamp);
    each(
        tile.pixels,
        p -> {
          if (tile.masked) {
            code.store(sums[p], out, code.local(target), mask);
          } else {
            code.store(sums[p], out, code.local(target));
          }
          code.increment(target, code.local(emission.parameter(13)));
        });
  }

  private void unrolled(
      Emission emission, int c, int firstSource, int[] sums, Taps taps, int[] kept) {
    VectorCode code = emission.vectors();
    int src = emission.parameter(0);
    Index rowStep = code.local(emission.parameter(2));
    Index channels = code.local(emission.parameter(14));
    int source = code.intLocal();
    int x = code.vectorLocal();
    int[] w = new int[taps.columns];
    int columns = (tile.pixels - 1) * taps.stride + (taps.columns - 1) * taps.dilation + 1;
    code.set(source, code.local(firstSource));
    for (int i = 0; i < taps.rows; i++) {
      for (int j = 0; j < taps.columns; j++) {
        if (kept.length > 0) {
          w[j] = kept[i * taps.columns + j];
        } else {
          w[j] = code.vectorLocal();
          loadWeight(emission, w[j], c, i, j);
        }
      }
      for (int column = 0; column < columns; column++) {
        boolean loaded = false;
        for (int j = 0; j < taps.columns; j++) {
          int start = column - j * taps.dilation;
          if (start < 0 || start % taps.stride != 0 || start / taps.stride >= tile.pixels) {
            continue;
          }
          if (!loaded) {
            code.load(x, src, code.plus(code.local(source), code.times(channels, column)));
            loaded = true;
          }
          code.multiplyAdd(x, w[j], sums[start / taps.stride]);
        }
      }
      code.increment(source, rowStep);
    }
  }

  private void looped(Emission emission, int c, int firstSource, int[] sums) {
    VectorCode code = emission.vectors();
    int src = emission.parameter(0);
    Index rowStep = code.local(emission.parameter(2));
    Index columnStep = code.local(emission.parameter(3));
    Index pixelStep = code.local(emission.parameter(4));
    Index tapRows = code.local(emission.parameter(5));
    Index tapColumns = code.local(emission.parameter(6));
    int weights = emission.parameter(7);
    Index weightOffset = code.local(emission.parameter(8));
    Index weightRowStep = code.local(emission.parameter(9));
    Index padded = code.local(emission.parameter(15));
    int sourceRow = code.intLocal();
    int weightRow = code.intLocal();
    int source = code.intLocal();
    int weight = code.intLocal();
    int i = code.intLocal();
    int j = code.intLocal();
    int w = code.vectorLocal();
    int x = code.vectorLocal();
    code.set(sourceRow, code.local(firstSource));
    code.set(weightRow, code.plus(weightOffset, code.local(c)));
    Runnable tap =
        () -> {
          code.load(w, weights, code.local(weight));
          each(
              tile.pixels,
              p -> {
                code.load(x, src, code.plus(code.local(source), code.times(pixelStep, p)));
                code.multiplyAdd(x, w, sums[p]);
              });
          code.increment(source, columnStep);
          code.increment(weight, padded);
        };
    Runnable row =
        () -> {
          code.set(source, code.local(sourceRow));
          code.set(weight, code.local(weightRow));
          code.loop(j, code.constant(0), tapColumns, 1, tap);
          code.increment(sourceRow, rowStep);
          code.increment(weightRow, weightRowStep);
        };
    code.loop(i, code.constant(0), tapRows, 1, row);
  }
}
