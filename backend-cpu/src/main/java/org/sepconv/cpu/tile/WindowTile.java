package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * The register tile of a convolution whose lanes do not meet: each is a channel of its own, or sees
 * values that were put into its lane before. Some neighbouring pixels of one block, with a sum in a
 * register for each. Nothing of the filter is unrolled, so it may have any size, and every value
 * that it meets is there: padding is zeros. Implementations are emitted by {@link
 * WindowTileEmitter}.
 *
 * <pre>
 *   for each pixel p of the tile, each lane l:
 *     out[outOffset + p * targetStride + l] = clamp(bias[l]
 *         + sum over runs r from firstRun to endRun - 1, steps t &lt;= depth, taps j of the step of
 *             src[srcOffset + p * pixelStride + runs[r] + t * step + j * column + l]
 *                 * weights[weightOffset + (r * tapsOfRun + t * columns + j) * lanes + l]
 *         + residual[outOffset + residualShift + p * targetStride + l])
 * </pre>
 *
 * where the bias follows the weights of all runs, and {@link WindowTileEmitter.Distances}, which
 * are part of the code, say how many taps a step has, and the last one, which may have none.
 */
public interface WindowTile {
  /**
   * Computes {@code tiles} tiles side by side.
   *
   * @param runs where the runs of the filter lie: its rows, or its taps
   * @param depth steps of a run, without the last one
   * @param biasOffset of the bias in {@code weights}
   * @param residual what is added; of no account to tiles that add none
   * @param residualShift from where an output goes to where its residual lies
   * @param tail channels stored of each pixel, where that is less than a vector
   */
  void compute(
      float[] src,
      int srcOffset,
      int[] runs,
      int firstRun,
      int endRun,
      int depth,
      float[] weights,
      int weightOffset,
      int biasOffset,
      float[] out,
      int outOffset,
      int tiles,
      int tail,
      float[] residual,
      int residualShift);

  /** Two runs of eight steps of two tiles: {@link MatrixTile#tinyProblem} says why. */
  default TinyProblem tinyProblem(WindowTileEmitter.Distances distances, int lanes, int tail) {
    int depth = 8;
    int[] runs = {0, 1};
    int pixels = 2 * distances.pixels();
    int reach = depth * distances.step() + distances.columns() * distances.column();
    float[] source = new float[pixels * distances.pixel() + reach + Span.SLACK];
    int biasOffset = 2 * distances.taps(depth) * lanes;
    float[] weights = new float[biasOffset + lanes];
    float[] target = new float[pixels * distances.target() + Span.SLACK];
    return new TinyProblem(
        () ->
            compute(
                source,
                0,
                runs,
                0,
                2,
                depth,
                weights,
                0,
                biasOffset,
                target,
                0,
                2,
                tail,
                target,
                0));
  }
}
