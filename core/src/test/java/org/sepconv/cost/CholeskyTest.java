package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class CholeskyTest {

  /** L times its transpose for L = 2; 1 2; 1 1 2. The determinant is 64. */
  private static final Cholesky FACTOR =
      Cholesky.of(new double[][] {{4, 2, 2}, {2, 5, 3}, {2, 3, 6}});

  @Test
  void findsTheTriangle() {
    double[][] expected = {{2, 0, 0}, {1, 2, 0}, {1, 1, 2}};
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(expected[i], FACTOR.lower()[i], 1e-12);
    }
  }

  @Test
  void solves() {
    assertArrayEquals(new double[] {1, 2, 3}, FACTOR.solve(new double[] {14, 21, 26}), 1e-12);
  }

  @Test
  void invertsTheDiagonal() {
    assertArrayEquals(
        new double[] {21 / 64.0, 20 / 64.0, 16 / 64.0}, FACTOR.inverseDiagonal(), 1e-12);
  }
}
