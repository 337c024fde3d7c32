package org.sepconv.cpu.tile;

import java.util.function.Supplier;
import org.sepconv.cpu.tile.MatrixTileEmitter.Part;

/** What a {@link MatrixTile} of {@link MatrixTileEmitter} computes, by the general one. */
final class UntunedMatrixTile implements MatrixTile {
  private static final int ROWS = GeneralMatrixTile.ROWS;
  private static final int VECTORS = GeneralMatrixTile.VECTORS;

  private final Supplier<GeneralMatrixTile> general;
  private final int lanes;
  private final int vectors;
  private final Part part;
  private final float min;
  private final float max;
  private final int hardSwish;
  private final int next;
  private final int outNext;

  /** Of each tile of the general ones what {@link GeneralMatrixTile#compute} takes. */
  private final int[] places;

  /**
   * @param general the general one, which becomes a faster one some time
   */
  UntunedMatrixTile(MatrixTileEmitter.Description tile, Supplier<GeneralMatrixTile> general) {
    this.general = general;
    this.lanes = tile.bits() / Float.SIZE;
    this.vectors = tile.vectors();
    this.part = tile.part();
    Clamp clamp = tile.part().clamp() ? tile.clamp() : Clamp.NONE;
    this.min = clamp.min();
    this.max = clamp.max();
    this.hardSwish = clamp.hardSwish() ? 1 : 0;
    int count = tile.rows().count();
    this.next = tile.rows().next();
    this.outNext = count * tile.outStride();
    int chunks = Math.ceilDiv(count, ROWS);
    this.places = new int[chunks * 2 * ROWS];
    for (int i = 0; i < chunks * ROWS; i++) {
      // The last row stands for those that are missing.
      int row = Math.min(i, count - 1);
      int at = i / ROWS * 2 * ROWS + i % ROWS;
      places[at] = tile.rows().offset(row);
      places[at + ROWS] = row * tile.outStride();
    }
  }

  @Override
  public boolean compute(
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
      int count,
      int idle) {
    GeneralMatrixTile now = general.get();
    for (int t = 0; t < count; t++) {
      for (int v = 0; v < vectors; v += VECTORS) {
        boolean single = v + 1 == vectors;
        for (int place = 0; place < places.length; place += 2 * ROWS) {
          now.compute(
              a,
              aOffset + t * next,
              places,
              place,
              taps,
              depth,
              panel,
              panelOffset + v * lanes,
              vectors * lanes,
              single ? 0 : lanes,
              bias,
              biasOffset + v * lanes,
              part.bias() ? 1 : 0,
              addend,
              addendOffset + t * outNext + v * vectorStep,
              part.addend() ? 1 : 0,
              out,
              outOffset + t * outNext + v * vectorStep,
              single ? 0 : vectorStep,
              min,
              max,
              hardSwish,
              0);
        }
      }
    }
    return false;
  }
}
