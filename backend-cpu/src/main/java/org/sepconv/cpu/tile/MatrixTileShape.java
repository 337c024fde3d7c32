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
  private static final List<MatrixTileShape> OF_FEWER_BITS =
      List.of(shape(12, 1), shape(6, 2), shape(3, 3));

  /** The most of few rows: enough sums for the multiply-adds not to wait, even of one row. */
  private static final int ROW_VECTORS = 6;

  private static final int MOST_FEW_ROWS = 4;

  /** Products of a sum in an iteration: more are of little use. */
  private static final int MOST_STEPS = 4;

  /** Products of all sums in an iteration: as many as C2 compiles in little time. */
  private static final int MOST_PRODUCTS = 56;

  /** Tiles of fewer sums are the rests of a map. */
  private static final int SUMS_OF_LONG_LOOPS = 9;

  private static MatrixTileShape shape(int rows, int vectors) {
    return new MatrixTileShape(rows, vectors);
  }

  /**
   * The shape for products of so few rows that no offered shape has sums enough; empty where one
   * has. It needs a register for each sum, weight and input value, and no fences.
   *
   * @param outputs in vectors. Where a somewhat narrower tile divides them it is taken: a rest that
   *     is met once in a run would be compiled late
   */
  static Optional<MatrixTileShape> ofFewRows(int bits, int rows, int outputs) {
    if (rows > MOST_FEW_ROWS) {
      return Optional.empty();
    }
    int most = Math.min(ROW_VECTORS, (Registers.usable(bits) - rows) / (rows + 1));
    int vectors = most;
    while (3 * (vectors - 1) >= 2 * most && outputs % vectors != 0) {
      vectors--;
    }
    return Optional.of(shape(rows, outputs % vectors == 0 ? vectors : most));
  }

  /** The shapes for vectors of this length. */
  public static List<MatrixTileShape> offered(int bits) {
    return bits == 512 ? OF_512_BITS : OF_FEWER_BITS;
  }

  /**
   * Vectors of the widest panel where the others have so many: one more, if a single vector would
   * be left otherwise, and there is a shape for it. Alone it would take half as long as two.
   */
  static int widest(int bits, int vectors) {
    boolean offered = OF_FEWER_BITS.stream().anyMatch(shape -> shape.vectors == vectors + 1);
    return bits < 512 && vectors > 1 && offered ? vectors + 1 : vectors;
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
   * After how many rows the code has a fence; all rows where it has none. A fence keeps loads in
   * order, not multiply-adds before them: so one after each row, but two rows where all of 16
   * registers are needed. There C2 counts them itself.
   *
   * @param taps whether there are several
   */
  int rowsBetweenFences(int bits, boolean taps) {
    if (!fenced(bits, taps)) {
      return rows;
    }
    return bits < 512 && registers() == Registers.usable(bits) ? 2 : 1;
  }

  /** With 512 bits C2 spills sums of 6x4, and of 14x2 with several taps, where there are fences. */
  private boolean fenced(int bits, boolean taps) {
    return bits < 512 ? vectors > 1 : vectors == 2 && !taps;
  }

  /**
   * Products of a sum in an iteration of the innermost loop: several in tiles that do most of the
   * work. Each makes the code longer, and C2 takes longer to compile it.
   *
   * @param depth of a tap
   * @param taps whether there are several
   */
  int steps(int bits, int depth, boolean taps) {
    int sums = rows * vectors;
    if (!fenced(bits, taps) || sums < SUMS_OF_LONG_LOOPS) {
      return 1;
    }
    int most = Math.min(MOST_STEPS, MOST_PRODUCTS / sums);
    while (depth % most != 0) {
      most--;
    }
    return most;
  }

  /** How many registers its code needs: for the sums, the weights, and an input value. */
  int registers() {
    return rows * vectors + vectors + 1;
  }

  /** {@code 6x4}. */
  @Override
  public String toString() {
    return rows + "x" + vectors;
  }
}
