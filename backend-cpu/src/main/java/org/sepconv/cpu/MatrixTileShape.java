package org.sepconv.cpu;

import java.util.List;
import java.util.Optional;

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

  /** The shape with so many vectors. */
  static MatrixTileShape of(int bits, int vectors) {
    return offered(bits).stream()
        .filter(shape -> shape.vectors == vectors)
        .findFirst()
        .orElseThrow();
  }

  /** The shape of a text {@code 6x4}; empty if none of that name is offered. */
  static Optional<MatrixTileShape> parse(String text, int bits) {
    return offered(bits).stream().filter(shape -> shape.toString().equals(text)).findFirst();
  }

  /** {@code 6x4}. */
  @Override
  public String toString() {
    return rows + "x" + vectors;
  }
}
