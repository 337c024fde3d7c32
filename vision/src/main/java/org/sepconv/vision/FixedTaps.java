package org.sepconv.vision;

/**
 * Which pixels of a row (or column) make a new one, and their weights in fixed point, as PIL
 * computes both: weights of float64 that sum to 1, then rounded to {@value #FRACTION} bits.
 *
 * @param first the first pixel of each new one
 * @param weights those of each new one, in order
 * @param most the most weights of any
 */
record FixedTaps(int[] first, int[][] weights, int most) {
  /** 32 bits less 8 of a pixel and 2 for what the cubic goes beyond. */
  static final int FRACTION = 22;

  static final int HALF = 1 << (FRACTION - 1);

  /**
   * @param in pixels of the row
   * @param out pixels of the new row
   * @param from the first of these that is wanted
   * @param count how many are
   */
  static FixedTaps of(Filter filter, int in, int out, int from, int count) {
    double scale = (double) in / out;
    double stretch = Math.max(1, scale);
    double support = filter.support() * stretch;
    double unit = 1.0 / stretch;
    int[] first = new int[count];
    int[][] weights = new int[count][];
    int most = 0;
    for (int i = 0; i < count; i++) {
      double centre = (from + i + 0.5) * scale;
      int begin = Math.max(0, (int) (centre - support + 0.5));
      int end = Math.min(in, (int) (centre + support + 0.5));
      first[i] = begin;
      weights[i] = weights(filter, begin, end, centre, unit);
      most = Math.max(most, end - begin);
    }
    return new FixedTaps(first, weights, most);
  }

  private static int[] weights(Filter filter, int begin, int end, double centre, double unit) {
    double[] exact = new double[end - begin];
    double sum = 0;
    for (int x = 0; x < exact.length; x++) {
      exact[x] = filter.weight((x + begin - centre + 0.5) * unit);
      sum += exact[x];
    }
    int[] fixed = new int[exact.length];
    for (int x = 0; x < fixed.length; x++) {
      double weight = (sum == 0 ? exact[x] : exact[x] / sum) * (1 << FRACTION);
      fixed[x] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
    }
    return fixed;
  }

  /** The pixel behind the last that new one {@code i} needs. */
  int end(int i) {
    return first[i] + weights[i].length;
  }
}
