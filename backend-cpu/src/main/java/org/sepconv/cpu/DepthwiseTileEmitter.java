package org.sepconv.cpu;

import static org.sepconv.cpu.VectorCode.each;

import org.sepconv.cpu.VectorCode.Emission;
import org.sepconv.cpu.VectorCode.Index;

/**
 * Emits a {@link DepthwiseTile}.
 *
 * <pre>
 *   for each vector of channels c:
 *     sum[p] = bias[c]
 *     for each filter row i: for each filter column j:
 *       w = weights[i][j][c]                              one load
 *       for each pixel p: sum[p] = src[p][i][j][c] * w + sum[p]
 *     clamp, store (the last vector in part)
 * </pre>
 */
final class DepthwiseTileEmitter {

  /** Everything that the code depends on. */
  record Description(int bits, int pixels, Clamp clamp) {
    String className() {
      return "DepthwiseTile_%dpv%d_%08x".formatted(pixels, bits / Float.SIZE, clamp.hashCode());
    }
  }

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
    int whole = code.intLocal();
    // One vector earlier than the last: c + lanes <= channels.
    code.set(whole, code.plus(channels, 1 - lanes));
    int noMask = -1;
    code.loop(c, code.constant(0), code.local(whole), lanes, () -> vector(emission, c, noMask));
    code.ifLess(
        code.local(c),
        channels,
        () -> {
          int mask = code.vectorLocal();
          code.firstLanes(mask, code.minus(channels, code.local(c)));
          vector(emission, c, mask);
        });
  }

  private void vector(Emission emission, int c, int mask) {
    VectorCode code = emission.vectors();
    int src = emission.parameter(0);
    Index srcOffset = code.local(emission.parameter(1));
    Index rowStep = code.local(emission.parameter(2));
    Index columnStep = code.local(emission.parameter(3));
    Index pixelStep = code.local(emission.parameter(4));
    Index tapRows = code.local(emission.parameter(5));
    Index tapColumns = code.local(emission.parameter(6));
    int weights = emission.parameter(7);
    Index weightOffset = code.local(emission.parameter(8));
    Index weightRowStep = code.local(emission.parameter(9));
    int bias = emission.parameter(10);
    int out = emission.parameter(11);
    Index outOffset = code.local(emission.parameter(12));
    Index outStride = code.local(emission.parameter(13));
    Index padded = code.local(emission.parameter(15));

    int[] sums = new int[tile.pixels];
    each(tile.pixels, p -> sums[p] = code.vectorLocal());
    code.load(sums[0], bias, code.local(c));
    each(tile.pixels - 1, p -> code.copy(sums[0], sums[p + 1]));

    int sourceRow = code.intLocal();
    int weightRow = code.intLocal();
    int source = code.intLocal();
    int weight = code.intLocal();
    int i = code.intLocal();
    int j = code.intLocal();
    int w = code.vectorLocal();
    int x = code.vectorLocal();
    code.set(sourceRow, code.plus(srcOffset, code.local(c)));
    code.set(weightRow, code.plus(weightOffset, code.local(c)));
    code.loop(
        i,
        code.constant(0),
        tapRows,
        1,
        () -> {
          code.set(source, code.local(sourceRow));
          code.set(weight, code.local(weightRow));
          code.loop(
              j,
              code.constant(0),
              tapColumns,
              1,
              () -> {
                code.load(w, weights, code.local(weight));
                each(
                    tile.pixels,
                    p -> {
                      Index pixel = code.plus(code.local(source), code.times(pixelStep, p));
                      code.load(x, src, p == 0 ? code.local(source) : pixel);
                      code.multiplyAdd(x, w, sums[p]);
                    });
                code.increment(source, columnStep);
                code.increment(weight, padded);
              });
          code.increment(sourceRow, rowStep);
          code.increment(weightRow, weightRowStep);
        });

    code.clamp(sums, tile.clamp);
    int target = code.intLocal();
    code.set(target, code.plus(outOffset, code.local(c)));
    each(
        tile.pixels,
        p -> {
          if (mask < 0) {
            code.store(sums[p], out, code.local(target));
          } else {
            code.store(sums[p], out, code.local(target), mask);
          }
          code.increment(target, outStride);
        });
  }
}
