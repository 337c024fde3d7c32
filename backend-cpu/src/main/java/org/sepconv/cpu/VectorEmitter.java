package org.sepconv.cpu;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

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

  private final Optional<MatrixTileShape> forced;

  /**
   * @param forced the tile of every matrix product; empty for the best one for each
   */
  VectorEmitter(int bits, Optional<MatrixTileShape> forced) {
    this.bits = bits;
    this.forced = forced;
  }

  /** Floats in a vector. */
  int lanes() {
    return bits / Float.SIZE;
  }

  /** Rounds a number of channels up to whole vectors. */
  int padded(int channels) {
    return Math.ceilDiv(channels, lanes()) * lanes();
  }

  /**
   * The vectors that a matrix tile has side by side. Measured with the input in the cache, in
   * GFLOP/s, on AVX-512 with two multiply-adds a cycle (peak 247), at depths 64, 128 and 512:
   *
   * <pre>
   *   6 x 4: 211 226 221    14 x 2: 214 225 234    8 x 3: 187 195 187    14 x 1: 180 191 192
   * </pre>
   *
   * Of a whole layer, 6 x 4 is the faster one up to depth 128: it reads each pixel half as often.
   * With 256-bit vectors (16 registers, peak 123): 12 x 1: 101 109 117, 4 x 2: 95 103 108, while 5
   * x 2, 6 x 2 and 4 x 3 spill and fall to 67 to 80.
   *
   * @param depth products summed for each output
   * @param run pixels at a constant distance, which a tile cannot exceed
   */
  int maxVectors(int depth, int run) {
    if (forced.isPresent()) {
      return forced.get().vectors();
    }
    if (lanes() < 16) {
      return run <= 4 ? 2 : 1;
    }
    return run <= 14 || depth > 128 ? 2 : 4;
  }

  /**
   * Products that a tile of this many vectors sums at once: as many as leave their weights, 256
   * KiB, in the second-level cache while the pixels of a strip go by. Fewer, for the first-level
   * cache, do not pay: the sums go through the output between the parts.
   */
  int partDepth(int vectors) {
    return 64 * 1024 / (vectors * lanes());
  }

  /** The rows of a matrix tile of this many vectors. */
  int maxRows(int vectors) {
    return MatrixTileShape.rows(bits, vectors);
  }

  /** Channels of a block: a vector of them, or all where they are fewer. */
  int block(int channels) {
    return Math.min(lanes(), channels);
  }

  /** How a tensor of this shape lies in memory. */
  ChannelBlocks blocks(org.sepconv.Shape shape) {
    return new ChannelBlocks(shape, block(shape.c()));
  }

  /** The most pixels of a depthwise tile: MobileNet's maps are multiples of 7. */
  int maxPixels(int taps, int columns) {
    return Math.clamp(MAX_UNROLLED / (taps <= 9 ? taps : columns), 1, 7);
  }

  /**
   * The tile of this shape; {@code masked} if its last vector is not stored whole.
   *
   * @param outStride the distance between neighbouring rows in the output
   */
  MatrixTile matrixTile(
      TileRows rows,
      int vectors,
      boolean masked,
      int outStride,
      MatrixTileEmitter.Part part,
      Clamp clamp) {
    var key =
        new MatrixTileEmitter.Description(bits, rows, vectors, masked, outStride, part, clamp);
    return (MatrixTile) TILES.computeIfAbsent(key, _ -> new MatrixTileEmitter(key).emit());
  }

  /** The depthwise tile of this many pixels. */
  DepthwiseTile depthwiseTile(
      int pixels,
      DepthwiseTileEmitter.Taps taps,
      int sourceStride,
      int targetStride,
      boolean spread,
      boolean masked,
      Clamp clamp) {
    var key =
        new DepthwiseTileEmitter.Description(
            bits, pixels, taps, sourceStride, targetStride, spread, masked, clamp);
    return (DepthwiseTile) TILES.computeIfAbsent(key, _ -> new DepthwiseTileEmitter(key).emit());
  }

  /** Shuffles for the tiles: lane l of the i-th takes lane {@code table[i * lanes + l]}. */
  Object[] shuffles(int[] table) {
    VectorSpecies<Float> species = VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
    Object[] shuffles = new Object[table.length / lanes()];
    Arrays.setAll(shuffles, i -> VectorShuffle.fromArray(species, table, i * lanes()));
    return shuffles;
  }

  /** Turns squares of as many rows and columns as there are lanes around. */
  TransposeTile transposeTile() {
    var key = new TransposeTileEmitter.Description(bits);
    return (TransposeTile) TILES.computeIfAbsent(key, _ -> new TransposeTileEmitter(key).emit());
  }

  /** Copies pixels of blocks to where all channels of a pixel lie side by side. */
  PixelCopy pixelCopy(int sourceStride, int targetStride) {
    var key = new PixelCopyEmitter.Description(bits, sourceStride, targetStride);
    return (PixelCopy) TILES.computeIfAbsent(key, _ -> new PixelCopyEmitter(key).emit());
  }
}
