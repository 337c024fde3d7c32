package org.sepconv.cpu.tile;

import java.util.function.Supplier;
import org.sepconv.cpu.tile.DepthwiseTileEmitter.Taps;

/** What a {@link DepthwiseTile} of {@link DepthwiseTileEmitter} computes, by the general one. */
final class UntunedDepthwiseTile implements DepthwiseTile {
  private final Supplier<GeneralDepthwiseTile> general;
  private final DepthwiseTileEmitter.Description tile;

  /**
   * @param general the general one, which becomes a faster one some time
   */
  UntunedDepthwiseTile(
      DepthwiseTileEmitter.Description tile, Supplier<GeneralDepthwiseTile> general) {
    this.general = general;
    this.tile = tile;
  }

  @Override
  public boolean compute(
      float[] src,
      int srcOffset,
      int srcBlockStep,
      int[] rowStarts,
      int firstRowStart,
      int column,
      int width,
      float[] weights,
      int weightOffset,
      float[] out,
      int outOffset,
      int outPixelStep,
      int outBlockStep,
      int outRowStep,
      int rows,
      int count,
      int blocks,
      int tail,
      Object[] shuffles,
      int shuffle,
      float[] residual,
      int residualShift,
      int idle) {
    Taps taps = tile.taps();
    general
        .get()
        .compute(
            src,
            srcOffset,
            srcBlockStep,
            tile.sourceStride(),
            rowStarts,
            firstRowStart,
            column,
            taps.stride(),
            width,
            weights,
            weightOffset,
            taps.rows(),
            taps.columns(),
            taps.dilation(),
            out,
            outOffset,
            outPixelStep,
            outBlockStep,
            outRowStep,
            rows,
            count * tile.pixels(),
            blocks,
            residual,
            residualShift,
            tile.residual() ? 1 : 0,
            tile.clamp().min(),
            tile.clamp().max(),
            tile.clamp().hardSwish() ? 1 : 0,
            0);
    return false;
  }
}
