package org.sepconv.cpu;

import java.util.Optional;
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

  /** Multiply-adds that are unrolled at most: C2 gives up inlining at about 18,000 nodes. */
  private static final int MAX_UNROLLED = 72;

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
    return 2;
  }

  /**
   * The rows of a matrix tile of this many vectors. Measured on AVX-512 with two multiply-adds a
   * cycle (247 GFLOP/s at the peak), 56 x 56 x 128 to 128: 10 x 2 reaches 160 GFLOP/s, 12 x 2 157,
   * 8 x 2 150, 4 x 4 155, 6 x 3 122; with 24 sums side by side C2 spills some of them, and 6 x 4
   * falls to 54 or 90, depending on where the stack lies.
   */
  int maxRows(int vectors) {
    if (lanes() == 16) {
      return vectors == 2 ? 10 : 14;
    }
    return vectors == 2 ? 4 : 8;
  }

  /** The most pixels of a depthwise tile. */
  int maxPixels() {
    return 7;
  }

  /**
   * The tile of this shape; {@code masked} if its last vector is not stored whole.
   *
   * @param rowStride the distance between neighbouring rows in the input, or 0 if it varies
   */
  MatrixTile matrixTile(int rows, int vectors, boolean masked, int rowStride, Clamp clamp) {
    var key = new MatrixTileEmitter.Description(bits, rows, vectors, masked, rowStride, clamp);
    return (MatrixTile) TILES.computeIfAbsent(key, _ -> new MatrixTileEmitter(key).emit());
  }

  /** The tile of this many pixels, for any number of taps. */
  DepthwiseTile depthwiseTile(int pixels, boolean masked, Clamp clamp) {
    return depthwiseTile(
        new DepthwiseTileEmitter.Description(bits, pixels, Optional.empty(), masked, clamp));
  }

  /**
   * The tile of this many pixels with its taps unrolled, or with loops where that would be too
   * large for C2.
   */
  DepthwiseTile depthwiseTile(
      int pixels, DepthwiseTileEmitter.Taps taps, boolean masked, Clamp clamp) {
    boolean small = taps.rows() * taps.columns() * pixels <= MAX_UNROLLED;
    return depthwiseTile(
        new DepthwiseTileEmitter.Description(
            bits, pixels, small ? Optional.of(taps) : Optional.empty(), masked, clamp));
  }

  private DepthwiseTile depthwiseTile(DepthwiseTileEmitter.Description key) {
    return (DepthwiseTile) TILES.computeIfAbsent(key, _ -> new DepthwiseTileEmitter(key).emit());
  }
}
