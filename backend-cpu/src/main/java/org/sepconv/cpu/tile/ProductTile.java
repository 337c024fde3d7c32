package org.sepconv.cpu.tile;

import org.sepconv.cpu.warm.TinyProblem;

/**
 * Some rows times {@value #VECTORS} vectors of a product of matrices that are not packed.
 * Implementations are emitted by {@link ProductTileEmitter}.
 */
public interface ProductTile {
  int VECTORS = 2;

  /**
   * Computes the sums over k of {@code x[r] * b[bOffset + k * bStep + i]}, for the i of the first
   * vector, and of the second, where {@code x[r]} is {@code a[places[r] + k]}, or the vector at
   * {@code a[places[r] + k * lanes]}.
   *
   * @param places of each row, where its first value lies in {@code a}; and after these, where its
   *     outputs go, less {@code outOffset}; rows may be the same
   * @param second how far the second vector lies from the first, in {@code b} and in {@code out}
   */
  void compute(
      float[] a,
      int[] places,
      int depth,
      float[] b,
      int bOffset,
      int bStep,
      float[] out,
      int outOffset,
      int second);

  /** Sixteen products of each sum: enough for the JVM to ask C2 soon. */
  default TinyProblem tinyProblem(int rows, int lanes) {
    int depth = 16;
    int width = VECTORS * lanes;
    int[] places = new int[2 * rows];
    float[] a = new float[depth * lanes];
    float[] b = new float[depth * width];
    float[] out = new float[width];
    return new TinyProblem(() -> compute(a, places, depth, b, 0, width, out, 0, lanes));
  }
}
