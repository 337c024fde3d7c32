package org.sepconv.cpu;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Makes register tiles for one vector length: bytecode emitted with {@code java.lang.classfile} and
 * loaded as hidden classes. One emitter serves every tile shape, where source code needs a copy for
 * each, and C2 compiles it to the same machine code as a hand-unrolled method.
 */
final class VectorEmitter {

  /**
   * Tiles that exist, kept for the life of the JVM: what C2 has compiled for one backend serves the
   * next. Bounded by the number of tile shapes and clamps in use.
   */
  private static final ConcurrentMap<Object, Object> TILES = new ConcurrentHashMap<>();

  private final int bits;

  VectorEmitter(int bits) {
    this.bits = bits;
  }

  /** Floats in a vector. */
  int lanes() {
    return bits / Float.SIZE;
  }

  /** Rounds a number of channels up to whole vectors. */
  int padded(int channels) {
    return Math.ceilDiv(channels, lanes()) * lanes();
  }

  /** The most vectors that a matrix tile has side by side. */
  int maxVectors() {
    return lanes() == 16 ? 4 : 2;
  }

  /**
   * The rows of a matrix tile of this many vectors. Measured on AVX-512 (32 registers): 6 x 4, 8 x
   * 3, 14 x 2 reach 90 to 97 % of the FMA peak and 7 x 4 spills; with 256-bit vectors C2 uses 16
   * registers, and 4 x 2 reaches 98 % where 6 x 2 reaches 44 %.
   */
  int maxRows(int vectors) {
    if (lanes() == 16) {
      return switch (vectors) {
        case 4 -> 6;
        case 3 -> 8;
        case 2 -> 12;
        default -> 14;
      };
    }
    return vectors == 2 ? 4 : 8;
  }

  /** The most pixels of a depthwise tile. */
  int maxPixels() {
    return lanes() == 16 ? 8 : 6;
  }

  /** The tile of this shape; {@code masked} if its last vector is not stored whole. */
  MatrixTile matrixTile(int rows, int vectors, boolean masked, Clamp clamp) {
    var key = new MatrixTileEmitter.Description(bits, rows, vectors, masked, clamp);
    return (MatrixTile) TILES.computeIfAbsent(key, _ -> new MatrixTileEmitter(key).emit());
  }

  /** The tile of this many pixels. */
  DepthwiseTile depthwiseTile(int pixels, Clamp clamp) {
    var key = new DepthwiseTileEmitter.Description(bits, pixels, clamp);
    return (DepthwiseTile) TILES.computeIfAbsent(key, _ -> new DepthwiseTileEmitter(key).emit());
  }
}
