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

  /** Karush, Kuhn, Tucker: no coefficient can lower the error, and those above 0 are level. */
  @Test
  void noOtherCoefficientsAreBetter() {
    SplittableRandom random = new SplittableRandom(4);
    int zeros = 0;
    for (int run = 0; run < 200; run++) {
      double[][] rows = new double[12][6];
      double[] values = new double[12];
      for (int i = 0; i < rows.length; i++) {
        double common = random.nextDouble();
        for (int j = 0; j < 6; j++) {
          rows[i][j] = common + 0.5 * random.nextDouble();
        }
        values[i] = random.nextDouble() + (run % 2 == 0 ? common : 0);
      }
      double[] solution = NonNegativeLeastSquares.solve(rows, values);
      for (int j = 0; j < 6; j++) {
        double gradient = 0;
        for (int i = 0; i < rows.length; i++) {
          double missed = values[i];
          for (int k = 0; k < 6; k++) {
            missed -= rows[i][k] * solution[k];
          }
          gradient += rows[i][j] * missed;
        }
        assertTrue(solution[j] >= 0 && gradient < 1e-7, run + ": gradient " + gradient);
        assertTrue(solution[j] == 0 || gradient > -1e-7, run + ": gradient " + gradient);
        zeros += solution[j] == 0 ? 1 : 0;
      }
    }
    assertTrue(zeros > 200 && zeros < 1000, zeros + " of 1200 at 0");
  }
}
