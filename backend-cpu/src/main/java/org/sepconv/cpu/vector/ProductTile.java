package org.sepconv.cpu.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.sepconv.cpu.kernel.Loops;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * Four rows times two vectors of a product of matrices that are not packed, sums in registers: with
 * what C2 loads ahead, 14 of 16.
 *
 * <pre>
 *   sum[r][v] = sum over k of  a[at[r] + k], in every lane, * b[bi + k * bStep + v * lanes ...]
 *                         or   a[at[r] + k * lanes ...]
 * </pre>
 */
record ProductTile() implements Loops.ProductTiles {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();
  private static final int ROWS = 4;
  private static final int WIDTH = 2 * LANES;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  /** Some tiles, of which the last reaches over some floats of the one before. */
  @Override
  public TinyProblem tinyProblem(boolean repeated) {
    int depth = 8;
    int n = 2 * WIDTH + 1;
    int[] at = new int[2 * ROWS];
    float[] a = new float[depth * LANES];
    float[] b = new float[depth * n];
    float[] to = new float[n];
    return new TinyProblem(() -> rows(a, repeated, at, depth, b, 0, n, to, n));
  }

  /** A tile at the end may compute some floats again. */
  @Override
  public void rows(
      float[] a,
      boolean repeated,
      int[] at,
      int depth,
      float[] b,
      int bi,
      int bStep,
      float[] to,
      int n) {
    for (int i = 0; i < n; i += WIDTH) {
      int start = Math.max(0, Math.min(i, n - WIDTH));
      int second = n < WIDTH ? n - LANES : LANES;
      if (repeated) {
        repeated(a, at, depth, b, bi + start, bStep, to, start, second);
      } else {
        lanes(a, at, depth, b, bi + start, bStep, to, start, second);
      }
    }
  }

  private static void repeated(
      float[] a,
      int[] at,
      int depth,
      float[] b,
      int bi,
      int bStep,
      float[] to,
      int ti,
      int second) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    int a0 = at[0];
    int a1 = at[1];
    int a2 = at[2];
    int a3 = at[3];
    int row = bi;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, row + second);
      FloatVector x = FloatVector.broadcast(SPECIES, a[a0 + k]);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      x = FloatVector.broadcast(SPECIES, a[a1 + k]);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      x = FloatVector.broadcast(SPECIES, a[a2 + k]);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      x = FloatVector.broadcast(SPECIES, a[a3 + k]);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      row += bStep;
    }
    s00.intoArray(to, at[ROWS] + ti);
    s01.intoArray(to, at[ROWS] + ti + second);
    s10.intoArray(to, at[ROWS + 1] + ti);
    s11.intoArray(to, at[ROWS + 1] + ti + second);
    s20.intoArray(to, at[ROWS + 2] + ti);
    s21.intoArray(to, at[ROWS + 2] + ti + second);
    s30.intoArray(to, at[ROWS + 3] + ti);
    s31.intoArray(to, at[ROWS + 3] + ti + second);
  }

  private static void lanes(
      float[] a,
      int[] at,
      int depth,
      float[] b,
      int bi,
      int bStep,
      float[] to,
      int ti,
      int second) {
    FloatVector s00 = FloatVector.zero(SPECIES);
    FloatVector s01 = s00;
    FloatVector s10 = s00;
    FloatVector s11 = s00;
    FloatVector s20 = s00;
    FloatVector s21 = s00;
    FloatVector s30 = s00;
    FloatVector s31 = s00;
    int a0 = at[0];
    int a1 = at[1];
    int a2 = at[2];
    int a3 = at[3];
    int row = bi;
    for (int k = 0; k < depth; k++) {
      int place = k * LANES;
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, row);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, row + second);
      FloatVector x = FloatVector.fromArray(SPECIES, a, a0 + place);
      s00 = x.fma(b0, s00);
      s01 = x.fma(b1, s01);
      x = FloatVector.fromArray(SPECIES, a, a1 + place);
      s10 = x.fma(b0, s10);
      s11 = x.fma(b1, s11);
      x = FloatVector.fromArray(SPECIES, a, a2 + place);
      s20 = x.fma(b0, s20);
      s21 = x.fma(b1, s21);
      x = FloatVector.fromArray(SPECIES, a, a3 + place);
      s30 = x.fma(b0, s30);
      s31 = x.fma(b1, s31);
      row += bStep;
    }
    s00.intoArray(to, at[ROWS] + ti);
    s01.intoArray(to, at[ROWS] + ti + second);
    s10.intoArray(to, at[ROWS + 1] + ti);
    s11.intoArray(to, at[ROWS + 1] + ti + second);
    s20.intoArray(to, at[ROWS + 2] + ti);
    s21.intoArray(to, at[ROWS + 2] + ti + second);
    s30.intoArray(to, at[ROWS + 3] + ti);
    s31.intoArray(to, at[ROWS + 3] + ti + second);
  }
}
