package org.sepconv.cpu.layout;

import java.util.List;
import org.sepconv.cpu.warm.TinyProblem;

/** Turns matrices around: planes of channels into blocks of them, and back. */
public interface MatrixTurn {

  /**
   * {@code to[toOffset + j * toRow + i] = from[fromOffset + i * fromRow + j]} for i &lt; rows, j
   * &lt; columns.
   */
  void turn(
      float[] from,
      int fromOffset,
      int fromRow,
      float[] to,
      int toOffset,
      int toRow,
      int rows,
      int columns);

  /**
   * Problems for the code that {@link #turn} uses.
   *
   * @param side the shorter one of what is turned around
   */
  default List<TinyProblem> tinyProblems(int side) {
    return List.of();
  }

  /** In plain loops, square by square, so that both sides stay in the cache. */
  static MatrixTurn plain() {
    return MatrixTurn::plain;
  }

  /** What {@link #plain()} does, for turns that leave a part to it. */
  static void plain(
      float[] from,
      int fromOffset,
      int fromRow,
      float[] to,
      int toOffset,
      int toRow,
      int rows,
      int columns) {
    int square = 16;
    for (int i0 = 0; i0 < rows; i0 += square) {
      int i1 = Math.min(rows, i0 + square);
      for (int j0 = 0; j0 < columns; j0 += square) {
        int j1 = Math.min(columns, j0 + square);
        for (int j = j0; j < j1; j++) {
          for (int i = i0; i < i1; i++) {
            to[toOffset + j * toRow + i] = from[fromOffset + i * fromRow + j];
          }
        }
      }
    }
  }
}
