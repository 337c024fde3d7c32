package org.sepconv.cpu.tile;

import java.util.List;
import java.util.Optional;

/**
 * Rows (pixels) and vectors (output channels) of a matrix tile. Only shapes whose sums, weights and
 * one input value fit the registers are offered: one that spills loses half of its speed and more.
 */
public record MatrixTileShape(int rows, int vectors) {

  /** With 32 registers. */
  private static final List<MatrixTileShape> OF_512_BITS =
      List.of(shape(6, 4), shape(8, 3), shape(14, 2), shape(14, 1));

  /** With 16 registers. */
  private static final List<MatrixTileShape> OF_FEWER_BITS = List.of(shape(12, 1), shape(5, 2));

  /** Of the 16 vector registers of x86 without AVX-512: with all of them in use, C2 spills. */
  private static final int REGISTERS = 15;

  private static MatrixTileShape shape(int rows, int vectors) {
    return new MatrixTileShape(rows, vectors);
  }

  /** The shapes for vectors of this length. */
  public static List<MatrixTileShape> offered(int bits) {
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
  public static Optional<MatrixTileShape> parse(String text, int bits) {
    return offered(bits).stream().filter(shape -> shape.toString().equals(text)).findFirst();
  }

  /**
   * After how many rows the code needs a fence: an input value of each row in between takes a
   * register, beside the sums and the weights. All rows where none is needed.
   */
  int rowsBetweenFences(int bits) {
    if (bits == 512 || vectors == 1) {
      return rows; // not measured yet, and of no gain: each fence is a store more beside few
      // products
    }
    return Math.max(1, REGISTERS - rows * vectors - vectors);
  }

  /** {@code 6x4}. */
  @Override
  public String toString() {
    return rows + "x" + vectors;
  }
}
