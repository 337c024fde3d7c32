package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NeighboursTest {

  private static Neighbours wave() {
    double[][] points = new double[40][];
    double[] missed = new double[40];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {i / 4.0, (i * 7) % 5}; // the second says nothing
      missed[i] = 0.3 * Math.sin(points[i][0]);
    }
    return Neighbours.of(points, missed);
  }

  @Test
  void betweenPointsItIsWhatThePointsSay() {
    Neighbours neighbours = wave();
    for (double x = 1; x < 9; x += 0.31) {
      assertEquals(0.3 * Math.sin(x), neighbours.correction(new double[] {x, 2}), 0.03);
    }
  }

  @Test
  void farFromAllPointsItIsNothing() {
    assertEquals(0, wave().correction(new double[] {1e3, 2}), 1e-9);
  }

  @Test
  void whatIsMissedNowhereIsNotCorrected() {
    double[][] points = {{1}, {2}, {3}, {4}};
    assertEquals(0, Neighbours.of(points, new double[4]).correction(new double[] {2.5}));
  }

  @Test
  void onePointThatDiffersDoesNotCountInFull() {
    double[][] points = new double[30][];
    double[] missed = new double[30];
    for (int i = 0; i < 30; i++) {
      points[i] = new double[] {i / 10.0};
    }
    missed[15] = 1;
    double there = Neighbours.of(points, missed).correction(points[15]);
    assertTrue(there < 0.5, () -> "" + there);
  }
}
