package org.sepconv.cpu;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Rows (pixels) and vectors (output channels) of a matrix tile. Only shapes whose sums, weights and
 * one input value fit the registers are offered: one that spills loses half of its speed and more.
 */
record MatrixTileShape(int rows, int vectors) {

  /** With 32 registers. */
  private static final List<MatrixTileShape> OF_512_BITS =
      List.of(shape(6, 4), shape(8, 3), shape(14, 2), shape(14, 1));

  /** With 16 registers. */
  private static final List<MatrixTileShape> OF_FEWER_BITS = List.of(shape(12, 1), shape(4, 2));

  private static MatrixTileShape shape(int rows, int vectors) {
    return new MatrixTileShape(rows, vectors);
  }

  /** The shapes for vectors of this length. */
  static List<MatrixTileShape> offered(int bits) {
    return bits == 512 ? OF_512_BITS : OF_FEWER_BITS;
  }

  /** The most rows of a tile of this many vectors. */
  static int rows(int bits, int vectors) {
    return offered(bits).stream()
        .filter(shape -> shape.vectors == vectors)
        .findFirst()
        .orElseThrow()
        .rows;
  }

  /**
   * The shape of a setting {@code 6x4}; empty for {@code static}.
   *
   * @throws IllegalArgumentException if it is not one of those for this length
   */
  static Optional<MatrixTileShape> setting(String text, int bits) {
    if (text.equals("static")) {
      return Optional.empty();
    }
    Optional<MatrixTileShape> shape =
        offered(bits).stream().filter(candidate -> candidate.toString().equals(text)).findFirst();
    if (shape.isEmpty()) {
      throw new IllegalArgumentException(
          "cpu.tile=%s, but with %d-bit vectors must be static, %s"
              .formatted(
                  text,
                  bits,
                  offered(bits).stream()
                      .map(MatrixTileShape::toString)
                      .collect(Collectors.joining(" or "))));
    }
    return shape;
  }

  /** {@code 6x4}. */
  @Override
  public String toString() {
    return rows + "x" + vectors;
  }
}
