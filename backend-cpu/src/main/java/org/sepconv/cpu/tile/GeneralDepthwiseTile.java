package org.sepconv.cpu.tile;

import org.sepconv.cpu.memory.Span;
import org.sepconv.cpu.warm.TinyProblem;

/**
 * A depthwise tile whose kernel size, stride, dilation, distances and bounds are arguments: one
 * piece of code for every depthwise convolution without a multiplier, which the JVM compiles in a
 * fraction of a second. It takes about three times as long as a {@link DepthwiseTile} made for the
 * convolution, and sums in the same order: the same bits.
 */
interface GeneralDepthwiseTile {

  /** Pixels of a tile; the last tile of a row computes the last pixel several times. */
  int PIXELS = 4;

  /**
   * Computes {@code rows} rows of {@code pixels} pixels of {@code blocks} blocks, as {@link
   * DepthwiseTile#compute}.
   *
   * @param columnStep input columns between neighbouring pixels: the stride
   * @param added whether the residual is added: 1 or 0
   * @param hardSwish whether the hard-swish of each sum is clamped: 1 or 0
   * @param heat 0; or so many empty steps instead of all that, for {@link TinyProblem}
   */
  void compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int srcPixelStep,
      int[] rowStarts,
      int firstRowStart,
      int column,
      int columnStep,
      int width,
      float[] weights,
      int weightOffset,
      int kernelRows,
      int kernelColumns,
      int dilation,
      float[] out,
      int outOffset,
      int outPixelStep,
      int outBlockStep,
      int outRowStep,
      int rows,
      int pixels,
      int blocks,
      float[] residual,
      int residualShift,
      int added,
      float min,
      float max,
      int hardSwish,
      int heat);

  /**
   * One value at a time of each loop, but for one loop, each in turn, that is gone through twice:
   * with more steps in a call the JVM would compile the loops by themselves, one by one.
   */
  default TinyProblem tinyProblem(int lanes) {
    // Each pixel left of the input, right of it, and inside: else C2 does not expect it.
    int[] columns = {-PIXELS, 0, 0, PIXELS};
    int[] widths = {2 * PIXELS, 2 * PIXELS, 1, PIXELS};
    int row = 2 * PIXELS * lanes;
    int[] starts = new int[4];
    float[] source = new float[4 * row + Span.SLACK];
    float[] filter = new float[6 * lanes];
    float[] target = new float[4 * row + Span.SLACK];
    int[] calls = new int[1];
    return TinyProblem.heated(
        heat -> {
          if (heat == 0) {
            calls[0]++;
          }
          int loop = calls[0] % 5;
          int place = calls[0] % columns.length;
          compute(
              source,
              row,
              row,
              lanes,
              starts,
              0,
              columns[place],
              1,
              widths[place],
              filter,
              0,
              loop == 0 ? 2 : 1,
              loop == 1 ? 2 : 1,
              1,
              target,
              0,
              lanes,
              2 * row,
              row,
              loop == 2 ? 2 : 1,
              loop == 3 ? PIXELS + 1 : PIXELS,
              loop == 4 ? 2 : 1,
              target,
              0,
              calls[0] / 2 % 2,
              0,
              6,
              calls[0] / 3 % 2,
              heat);
        });
  }
}
