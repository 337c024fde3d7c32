package org.sepconv.cpu.tile;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which tile a matrix product takes, by its depth: the products summed for each output.
 *
 * <p>Measured with the input in the cache, in GFLOP/s, on AVX-512 with two multiply-adds a cycle
 * (peak 247), at depths 64, 128 and 512:
 *
 * <pre>
 *   6 x 4: 211 226 221    14 x 2: 214 225 234    8 x 3: 187 195 187    14 x 1: 180 191 192
 * </pre>
 *
 * Of a whole layer, 6 x 4 is the faster one up to depth 128: it reads each pixel half as often.
 * With 256-bit vectors (16 registers, peak 123): 12 x 1: 101 109 117, 4 x 2: 95 103 108, while 5 x
 * 2, 6 x 2 and 4 x 3 spill and fall to 67 to 80. With fences ({@link MatrixTileEmitter}) 5 x 2 and
 * 6 x 2 do not, and in whole networks are faster at every depth: layers of MobileNetV2 of depth
 * 384, 576 and 960 take 0.68, 0.62 and 0.88 of the time with 5 x 2 that they take with 12 x 1,
 * which spills, and those of MobileNetV1 of depth 512 and 1024 about 0.9. At depths 32 and 192,
 * peak 107, 6 x 2 reaches 80 and 98, 5 x 2 75 and 94.
 *
 * @param bits of a vector
 * @param forced the tile of every product, whatever the depth
 * @param upTo else the tile of the products up to each depth; the last one takes all
 */
public record TileChoice(
    int bits, Optional<MatrixTileShape> forced, NavigableMap<Integer, MatrixTileShape> upTo) {

  public static final int ANY_DEPTH = Integer.MAX_VALUE;

  /** What is good on most machines. */
  public static TileChoice standard(int bits) {
    return byDepth(
        bits,
        bits == 512
            ? Map.of(128, MatrixTileShape.of(bits, 4), ANY_DEPTH, MatrixTileShape.of(bits, 2))
            : Map.of(ANY_DEPTH, MatrixTileShape.of(bits, 2)));
  }

  public static TileChoice byDepth(int bits, Map<Integer, MatrixTileShape> upTo) {
    return new TileChoice(bits, Optional.empty(), new TreeMap<>(upTo));
  }

  public static TileChoice forced(int bits, MatrixTileShape shape) {
    return new TileChoice(bits, Optional.of(shape), new TreeMap<>());
  }

  /**
   * The tile for a product.
   *
   * @param run pixels at a constant distance; a tile takes several whole runs or part of one
   */
  public MatrixTileShape shape(int depth, int run) {
    if (forced.isPresent()) {
      return forced.get();
    }
    MatrixTileShape tall = MatrixTileShape.of(bits, bits == 512 ? 2 : 1);
    if (run > tall.rows()) {
      return upTo.ceilingEntry(depth).getValue();
    }
    // Short runs: where few of them fill the tall tile badly, a wide one loses less.
    boolean filled = tall.rows() % run <= tall.rows() / 4;
    return bits == 512 || filled ? tall : MatrixTileShape.of(bits, 2);
  }

  /** {@code 128:6x4 any:14x2}, or the forced tile. */
  @Override
  public String toString() {
    return forced
        .map(MatrixTileShape::toString)
        .orElseGet(
            () ->
                upTo.entrySet().stream()
                    .map(
                        entry ->
                            (entry.getKey() == ANY_DEPTH ? "any" : entry.getKey())
                                + ":"
                                + entry.getValue())
                    .collect(Collectors.joining(" ")));
  }

  /** From what {@link #toString()} makes; empty where it is not that. */
  public static Optional<TileChoice> parse(String text, int bits) {
    NavigableMap<Integer, MatrixTileShape> upTo = new TreeMap<>();
    try {
      for (String entry : text.split(" ")) {
        String[] parts = entry.split(":", 2);
        int depth = parts[0].equals("any") ? ANY_DEPTH : Integer.parseInt(parts[0]);
        upTo.put(depth, MatrixTileShape.parse(parts[1], bits).orElseThrow());
      }
    } catch (RuntimeException _) {
      return Optional.empty();
    }
    return upTo.containsKey(ANY_DEPTH) ? Optional.of(byDepth(bits, upTo)) : Optional.empty();
  }
}
