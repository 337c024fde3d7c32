package org.sepconv.bench.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class CliffsTest {

  @Test
  void whatIsFarAbovePredictionIsOne() {
    double[] predicted = {1, 1, 1};
    assertEquals(
        List.of("1.60 times the prediction"),
        Cliffs.USUAL.reasons(1, new double[] {1, 1.6, 1}, predicted));
    assertEquals(List.of(), Cliffs.USUAL.reasons(1, new double[] {1, 1.4, 1}, predicted));
  }

  @Test
  void whatIsFarBelowBothNeighboursIsOne() {
    // All faster than predicted, but the one in the middle much less so.
    double[] seconds = {0.2, 0.9, 0.3};
    assertEquals(
        List.of("0.33 of its neighbours' speed"),
        Cliffs.USUAL.reasons(1, seconds, new double[] {1, 1, 1}));
    assertEquals(List.of(), Cliffs.USUAL.reasons(0, seconds, new double[] {1, 1, 1}));
  }

  @Test
  void whatMustBeSlowerIsNone() {
    assertEquals(
        List.of(), Cliffs.USUAL.reasons(1, new double[] {1, 9, 1}, new double[] {1, 10, 1}));
  }

  @Test
  void oneNeighbourIsNotEnough() {
    double[] seconds = {0.2, 0.9, Double.NaN};
    assertEquals(List.of(), Cliffs.USUAL.reasons(1, seconds, new double[] {1, 1, 1}));
  }

  @Test
  void limitsAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> new Cliffs(1, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Cliffs(1.5, 1));
  }
}
