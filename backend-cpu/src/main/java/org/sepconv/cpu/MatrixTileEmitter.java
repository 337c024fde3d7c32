package org.sepconv.cpu;

import static org.sepconv.cpu.VectorCode.each;

import org.sepconv.cpu.VectorCode.Emission;
import org.sepconv.cpu.VectorCode.Index;

/**
 * Emits a {@link MatrixTile}.
 *
 * <pre>
 *   sum[r][v] = 0
 *   for each tap: for each k:
 *     b[v] = panel (vectors side by side)         vectors loads
 *     for each row r: x = broadcast a[r][k]       one load
 *       sum[r][v] = x * b[v] + sum[r][v]          vectors multiply-adds
 *   add the bias, clamp, store
 * </pre>
 */
final class MatrixTileEmitter {

  /**
   * Everything that the code depends on.
   *
   * @param masked whether the last vector is stored in part
   * @param rowStride the distance between the rows of the tile in the input where it is known: then
   *     each broadcast is one instruction with a constant offset, and C2 joins the range checks; 0
   *     where each row is anywhere
   * @param outStride the distance between the rows of the tile in the output
   */
  record Description(
      int bits, int rows, int vectors, boolean masked, int rowStride, int outStride, Clamp clamp) {
    String className() {
      return "MatrixTile_%dx%dv%d%s_s%d_%d_%08x"
          .formatted(
              rows,
              vectors,
              bits / Float.SIZE,
              masked ? "m" : "",
              rowStride,
              outStride,
              clamp.hashCode());
    }
  }

  private final Description tile;
  private final int lanes;

  MatrixTileEmitter(Description tile) {
    this.tile = tile;
    this.lanes = tile.bits / Float.SIZE;
  }

  MatrixTile emit() {
    return VectorCode.newKernel(MatrixTile.class, tile.className(), tile.bits, this::body);
  }

  private void body(Emission emission) {
    VectorCode code = emission.vectors();
    int a = emission.parameter(0);
    int taps = emission.parameter(4);
    Index depth = code.local(emission.parameter(5));
    int panel = emission.parameter(6);
    int panelOffset = emission.parameter(7);
    int bias = emission.parameter(8);
    Index biasOffset = code.local(emission.parameter(9));

    Index[] rowStart = rowStarts(emission);
    int[] sums = new int[tile.rows * tile.vectors];
    each(sums.length, i -> sums[i] = code.vectorLocal());
    each(sums.length, i -> code.zero(sums[i]));
    int tap = code.intLocal();
    int start = code.intLocal();
    int end = code.intLocal();
    int k = code.intLocal();
    int[] b = new int[tile.vectors];
    each(b.length, v -> b[v] = code.vectorLocal());
    int x = code.vectorLocal();
    code.loop(
        tap,
        code.constant(0),
        code.arrayLength(taps),
        1,
        () -> {
          code.set(start, code.element(taps, code.local(tap)));
          code.set(end, code.plus(code.local(start), depth));
          code.loop(
              k,
              code.local(start),
              code.local(end),
              1,
              () -> {
                each(
                    tile.vectors,
                    v -> code.load(b[v], panel, code.plus(code.local(panelOffset), v * lanes)));
                code.increment(panelOffset, code.constant(tile.vectors * lanes));
                each(
                    tile.rows,
                    r -> {
                      code.broadcast(
                          x,
                          a,
                          code.plus(code.plus(rowStart[r], code.local(k)), r * tile.rowStride));
                      each(
                          tile.vectors, v -> code.multiplyAdd(x, b[v], sums[r * tile.vectors + v]));
                    });
              });
        });

    // The bias last: with it as the first value of each sum, C2 spills sums in the loop, and the
    // speed falls to half or less.
    each(
        tile.vectors,
        v -> {
          code.load(b[v], bias, code.plus(biasOffset, v * lanes));
          each(
              tile.rows,
              r -> code.add(sums[r * tile.vectors + v], b[v], sums[r * tile.vectors + v]));
        });
    code.clamp(sums, tile.clamp);
    store(emission, sums);
  }

  /** Where each row starts, without its constant part. */
  private Index[] rowStarts(Emission emission) {
    VectorCode code = emission.vectors();
    Index aOffset = code.local(emission.parameter(1));
    int rows = emission.parameter(2);
    Index firstRow = code.local(emission.parameter(3));
    Index[] starts = new Index[tile.rows];
    for (int r = 0; r < tile.rows; r++) {
      if (r > 0 && tile.rowStride > 0) {
        starts[r] = starts[0];
        continue;
      }
      int start = code.intLocal();
      code.set(start, code.plus(aOffset, code.element(rows, code.plus(firstRow, r))));
      starts[r] = code.local(start);
    }
    return starts;
  }

  private void store(Emission emission, int[] sums) {
    VectorCode code = emission.vectors();
    int out = emission.parameter(10);
    int outOffset = emission.parameter(11);
    Index vectorStep = code.local(emission.parameter(12));
    int mask = code.vectorLocal();
    if (tile.masked) {
      code.firstLanes(mask, code.local(emission.parameter(13)));
    }
    each(
        tile.vectors,
        v -> {
          each(
              tile.rows,
              r -> {
                Index index = code.plus(code.local(outOffset), r * tile.outStride);
                int sum = sums[r * tile.vectors + v];
                if (tile.masked && v == tile.vectors - 1) {
                  code.store(sum, out, index, mask);
                } else {
                  code.store(sum, out, index);
                }
              });
          code.increment(outOffset, vectorStep);
        });
  }
}
