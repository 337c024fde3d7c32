package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NonNegativeLeastSquaresTest {

  @Test
  void recoversWhatIsNotNegative() {
    SplittableRandom random = new SplittableRandom(1);
    double[] expected = {2, 0, 0.5, 1e-3};
    double[][] rows = new double[20][4];
    double[] values = new double[20];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < 4; j++) {
        rows[i][j] = random.nextDouble();
        values[i] += rows[i][j] * expected[j];
      }
    }
    assertArrayEquals(expected, NonNegativeLeastSquares.solve(rows, values), 1e-6);
  }

  @Test
  void theBestWithoutNegativesIsNotTheBestCutOff() {
    // Without the constraint (2, -1); with it (0.9, 0), and not (2, 0).
    double[][] rows = {{1, 1}, {1, 1.2}, {1, 1.1}};
    double[] values = {1, 0.8, 0.9};
    double[] solution = NonNegativeLeastSquares.solve(rows, values);
    assertArrayEquals(new double[] {0.9, 0}, solution, 1e-6);
  }

  @Test
  void columnsOfZerosAndEqualColumnsDoNoHarm() {
    double[][] rows = {{1, 0, 1}, {2, 0, 2}, {3, 0, 3}};
    double[] solution = NonNegativeLeastSquares.solve(rows, new double[] {2, 4, 6});
    assertEquals(0, solution[1]);
    assertEquals(2, solution[0] + solution[2], 1e-6);
    assertTrue(solution[0] >= 0 && solution[2] >= 0);
  }

  @Test
  void unitsDoNotMatter() {
    double[][] rows = {{1e12, 1}, {3e12, 1}, {5e12, 2}};
    double[] values = new double[3];
    for (int i = 0; i < 3; i++) {
      values[i] = rows[i][0] * 1e-11 + rows[i][1] * 3;
    }
    double[] solution = NonNegativeLeastSquares.solve(rows, values);
    assertEquals(1e-11, solution[0], 1e-16);
    assertEquals(3, solution[1], 1e-5);
  }
}
