package org.sepconv.cpu.tile;

import java.util.Arrays;
import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * The register tile of a matrix product: some rows (pixels) by some vectors (output channels), all
 * sums in registers. Implementations are emitted by {@link MatrixTileEmitter}.
 *
 * <pre>
 *   for each row r of the tile, each output o of the panel:
 *     out[outOffset + o / lanes * vectorStep + r * outStride + o % lanes] = clamp(bias[biasOffset + o]
 *         + sum over taps t, depth k of
 *             a[aOffset + rows.offset(r) + taps[t] + k] * panel[panelOffset + (t * depth + k) * width + o]
 *         + addend[addendOffset + o / lanes * vectorStep + r * outStride + o % lanes])
 * </pre>
 *
 * where {@link TileRows} says how far the rows lie apart; it is part of the code.
 */
public interface MatrixTile {
  /**
   * What a tile takes as the bias: padded to whole vectors, and behind them the constants of its
   * activation. As literals they would take registers in the loops too, and sums find none.
   *
   * @param width whole vectors
   */
  static float[] bias(float[] values, int width) {
    float[] constants = Clamp.HARD_SWISH_CONSTANTS;
    float[] padded = Arrays.copyOf(values, width + constants.length);
    Arrays.fill(padded, values.length, width, 0);
    System.arraycopy(constants, 0, padded, width, constants.length);
    return padded;
  }

  /**
   * Computes one tile, or several.
   *
   * @param taps for each filter tap the offset of its values from the pixel's first; a tile is made
   *     for one or for several
   * @param depth input channels of the group
   * @param panel packed weights, {@code width} (a multiple of the vector) outputs side by side
   * @param bias with what {@link #bias} puts behind it
   * @param addend values that are added: a residual, or the sums of the parts before, from the
   *     output; of no account to tiles that add none
   * @param vectorStep distance between the vectors of a row in the output
   * @param tail how many outputs of the last vector are stored
   * @param tiles how many tiles whose rows follow one another are computed; of no account to tiles
   *     of 512-bit vectors, which are computed one by one
   * @param idle empty steps before, for {@linkplain TinyProblem#idle tiny problems}; else 0
   * @return whether NaN may have become a bound of the activation: then {@link TileSlot#exact()}
   *     must compute the same once more; never where something is added
   */
  boolean compute(
      float[] a,
      int aOffset,
      int[] taps,
      int depth,
      float[] panel,
      int panelOffset,
      float[] bias,
      int biasOffset,
      float[] addend,
      int addendOffset,
      float[] out,
      int outOffset,
      int vectorStep,
      int tail,
      int tiles,
      int idle);

  /**
   * Two tiles.
   *
   * @param rows where the rows lie, which is part of the code, as are the others
   * @param several whether it is a tile for several taps
   * @param outStride distance between the rows in the output
   * @param masked whether there are fewer outputs than lanes
   * @param vectors of a row
   * @param lanes of a vector
   */
  default TinyProblem tinyProblem(
      TileRows rows, boolean several, int outStride, boolean masked, int vectors, int lanes) {
    // Few iterations of the innermost loop, but enough for C2 to see what is hot. Any number of
    // products that an iteration may have divides them.
    int depth = 12;
    int tiles = 2;
    int[] taps = several ? new int[] {0, depth} : new int[1];
    int width = vectors * lanes;
    int vectorStep = tiles * rows.count() * outStride;
    float[] a = new float[rows.next() + rows.offset(rows.count() - 1) + 2 * depth];
    float[] panel = new float[2 * depth * width];
    float[] out = new float[vectors * vectorStep + Span.SLACK];
    int tail = masked ? outStride : width;
    return new TinyProblem(
        () ->
            compute(
                a,
                0,
                taps,
                depth,
                panel,
                0,
                panel,
                0,
                out,
                0,
                out,
                0,
                vectorStep,
                tail,
                tiles,
                TinyProblem.idle(taps.length * depth * tiles)));
  }
}
