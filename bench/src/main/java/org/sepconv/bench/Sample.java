package org.sepconv.bench;

import java.util.List;
import org.sepconv.timing.Quantiles;

/** Whether numbers fall into two groups. */
final class Sample {

  /** Groups closer than this are taken as one: iterations of one JVM differ by a few percent. */
  private static final double LEAST_GAP = 0.08;

  /** A group has at least this share of the numbers; fewer are outliers. */
  private static final double LEAST_SHARE = 0.2;

  private Sample() {}

  /**
   * The median of each group: of two if there is a gap of more than 8 % that is also wider than
   * each group itself, with at least a fifth of the numbers, and two, on both sides.
   */
  static List<Double> modes(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int least = Math.max(2, (int) Math.ceil(LEAST_SHARE * sorted.size()));
    int split = 0;
    double widest = 0;
    for (int i = least; i <= sorted.size() - least; i++) {
      double gap = sorted.get(i) - sorted.get(i - 1);
      if (gap > widest) {
        widest = gap;
        split = i;
      }
    }
    if (split == 0) {
      return List.of(Quantiles.median(sorted));
    }
    double lower = sorted.get(split - 1);
    double spread =
        Math.max(sorted.get(split - 1) - sorted.getFirst(), sorted.getLast() - sorted.get(split));
    return widest > LEAST_GAP * lower && widest > spread
        ? List.of(
            Quantiles.median(sorted.subList(0, split)),
            Quantiles.median(sorted.subList(split, sorted.size())))
        : List.of(Quantiles.median(sorted));
  }
}
