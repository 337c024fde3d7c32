package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * A matrix tile whose distances, bounds and additions are arguments: one piece of code for every
 * product, which the JVM compiles in a fraction of a second. It takes 1.2 to 2 times as long as a
 * {@link MatrixTile} made for the product, and sums in the same order: the same bits.
 */
interface GeneralMatrixTile {
  int ROWS = 6;
  int VECTORS = 2;

  /**
   * Computes {@value #ROWS} rows of {@value #VECTORS} vectors, of which several may be the same.
   *
   * @param places of each row, how far its values lie from the first in {@code a}; and after these,
   *     how far its outputs do in {@code out}
   * @param firstPlace where that of the first row is
   * @param taps for each filter tap the offset of its values from the pixel's first
   * @param panelStep outputs of the panel
   * @param second how far the second vector lies from the first in the panel
   * @param biased whether the bias is added: 1 or 0
   * @param added whether the addend is added: 1 or 0
   * @param vectorStep how far the second vector lies from the first in {@code out}
   * @param hardSwish whether the hard-swish of each sum is clamped: 1 or 0
   * @param heat 0; or so many empty steps instead of all that, for {@link TinyProblem}
   */
  void compute(
      float[] a,
      int aOffset,
      int[] places,
      int firstPlace,
      int[] taps,
      int depth,
      float[] panel,
      int panelOffset,
      int panelStep,
      int second,
      float[] bias,
      int biasOffset,
      int biased,
      float[] addend,
      int addendOffset,
      int added,
      float[] out,
      int outOffset,
      int vectorStep,
      float min,
      float max,
      int hardSwish,
      int heat);

  /** Two taps, with and without all that may be added. */
  default TinyProblem tinyProblem(int lanes) {
    int depth = 16;
    int width = VECTORS * lanes;
    int[] places = new int[2 * ROWS];
    for (int r = 0; r < ROWS; r++) {
      places[r] = 2 * r * depth;
      places[ROWS + r] = r * width;
    }
    int[] taps = {0, depth};
    float[] a = new float[2 * ROWS * depth];
    float[] panel = new float[2 * depth * width];
    float[] out = new float[ROWS * width + Span.SLACK];
    int[] calls = new int[1];
    return TinyProblem.heated(
        heat -> {
          if (heat == 0) {
            calls[0]++;
          }
          int added = calls[0] % 2;
          compute(
              a,
              0,
              places,
              0,
              taps,
              depth,
              panel,
              0,
              width,
              lanes,
              panel,
              0,
              added,
              out,
              0,
              added,
              out,
              0,
              lanes,
              0,
              6,
              calls[0] / 2 % 2,
              heat);
        });
  }
}
