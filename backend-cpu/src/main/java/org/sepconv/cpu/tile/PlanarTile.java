package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * The register tile of a convolution of few channels, each a plane: some vectors of neighbouring
 * pixels by the outputs of a group, all sums in registers. Implementations are emitted by {@link
 * PlanarTileEmitter}.
 *
 * <pre>
 *   for each output o, each pixel p of the tile:
 *     out[outOffset + o * outStep + p] = clamp(weights[biasOffset + o]
 *         + sum over runs r from firstRun to endRun - 1, steps t &lt; depth of
 *             src[srcOffset + runs[r] + t * step + p]
 *                 * weights[weightOffset + (r * depth + t) * outputs + o])
 * </pre>
 *
 * where the number of outputs and the step are part of the code.
 */
public interface PlanarTile {
  /**
   * Computes {@code tiles} tiles side by side.
   *
   * @param runs where the runs of the filter lie: a row of it on an input plane each
   * @param depth steps of a run: filter columns
   * @param outStep distance between the planes of the output
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
      int outStep,
      int tiles);

  /** Two runs of eight steps of two tiles: {@link MatrixTile#tinyProblem} says why. */
  default TinyProblem tinyProblem(PlanarTileEmitter.Shape shape, int lanes) {
    int depth = shape.unrolled() > 0 ? shape.unrolled() : 8;
    int[] runs = {0, 1};
    int pixels = 2 * shape.vectors() * lanes;
    float[] source = new float[pixels + depth * shape.step() + Span.SLACK];
    float[] weights = new float[(2 * depth + 1) * shape.outputs()];
    float[] target = new float[pixels * shape.outputs()];
    int bias = 2 * depth * shape.outputs();
    return new TinyProblem(
        () -> compute(source, 0, runs, 0, 2, depth, weights, 0, bias, target, 0, pixels, 2));
  }
}
