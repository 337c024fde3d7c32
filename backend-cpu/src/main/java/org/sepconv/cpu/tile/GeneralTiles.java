package org.sepconv.cpu.tile;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What computes until the JVM has compiled the tiles that were made for an operation: one tile for
 * all matrix products and one for all depthwise convolutions; and the copies that serve all.
 *
 * @param matrix every product
 * @param depthwise every depthwise convolution without a multiplier
 */
record GeneralTiles(
    GeneralSlot<GeneralMatrixTile> matrix,
    GeneralSlot<GeneralDepthwiseTile> depthwise,
    GeneralSlot<PixelCopy> pixelCopy,
    GeneralSlot<PixelScale> pixelScale) {

  /** By the length of vectors, for the life of the JVM, as what it has compiled. */
  private static final ConcurrentMap<Integer, GeneralTiles> ALL = new ConcurrentHashMap<>();

  static GeneralTiles of(int bits) {
    return ALL.computeIfAbsent(bits, GeneralTiles::make);
  }

  private static GeneralTiles make(int bits) {
    int lanes = bits / Float.SIZE;
    return new GeneralTiles(
        new GeneralSlot<>(
            new PlainMatrixTile(lanes),
            () ->
                new GeneralMatrixTileEmitter(new GeneralMatrixTileEmitter.Description(bits)).emit(),
            tile -> tile.tinyProblem(lanes)),
        new GeneralSlot<>(
            new PlainDepthwiseTile(lanes),
            () ->
                new GeneralDepthwiseTileEmitter(new GeneralDepthwiseTileEmitter.Description(bits))
                    .emit(),
            tile -> tile.tinyProblem(lanes)),
        new GeneralSlot<>(
            new PlainPixelCopy(lanes),
            () -> copy(bits, false).emit(PixelCopy.class),
            PixelCopy::tinyProblem),
        new GeneralSlot<>(
            new PlainPixelScale(lanes),
            () -> copy(bits, true).emit(PixelScale.class),
            PixelScale::tinyProblem));
  }

  private static PixelCopyEmitter copy(int bits, boolean scaled) {
    return new PixelCopyEmitter(new PixelCopyEmitter.Description(bits, scaled));
  }
}
