package org.sepconv.bench.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Tells cliffs: shapes that are much slower than the cost model says, or than both of their
 * neighbours of the series, at whose speed they should run.
 *
 * @param overPrediction measured over predicted time from which on a shape is a cliff, above 1
 * @param belowNeighbours speed over that of the slower neighbour below which it is one, in (0, 1)
 */
public record Cliffs(double overPrediction, double belowNeighbours) {

  /** 1.5 times the prediction, half the speed of the neighbours. */
  public static final Cliffs USUAL = new Cliffs(1.5, 0.5);

  public Cliffs {
    if (!(overPrediction > 1 && overPrediction < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "a cliff at %s times the prediction: must be more than 1".formatted(overPrediction));
    }
    if (!(belowNeighbours > 0 && belowNeighbours < 1)) {
      throw new IllegalArgumentException(
          "a cliff below %s of the neighbours' speed: must be between 0 and 1"
              .formatted(belowNeighbours));
    }
  }

  /**
   * Why shape {@code i} of a series is a cliff.
   *
   * @param seconds measured, of every shape of the series in order; NaN where not measured
   * @param predicted seconds of the same
   * @return nothing if it is none
   */
  public List<String> reasons(int i, double[] seconds, double[] predicted) {
    List<String> reasons = new ArrayList<>();
    double over = seconds[i] / predicted[i];
    if (over > overPrediction) {
      reasons.add(String.format(Locale.ROOT, "%.2f times the prediction", over));
    }
    // Speed against the prediction's, so that shapes that must be slower are not blamed for it.
    double neighbours = Double.POSITIVE_INFINITY;
    int count = 0;
    for (int j : new int[] {i - 1, i + 1}) {
      if (j >= 0 && j < seconds.length && !Double.isNaN(seconds[j])) {
        neighbours = Math.min(neighbours, predicted[j] / seconds[j]);
        count++;
      }
    }
    double share = predicted[i] / seconds[i] / neighbours;
    if (count == 2 && share < belowNeighbours) {
      reasons.add(String.format(Locale.ROOT, "%.2f of its neighbours' speed", share));
    }
    return reasons;
  }
}
