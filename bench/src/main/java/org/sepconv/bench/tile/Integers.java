package org.sepconv.bench.tile;

import java.util.Arrays;
import java.util.Random;

/** Arrays of small integers, and outputs that nothing was written to. */
final class Integers {
  private static final int MOST = 4;

  private final Random random = new Random(1);

  /** Numbers from -4 to 4. */
  float[] array(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = random.nextInt(2 * MOST + 1) - MOST;
    }
    return values;
  }

  /** What a tile writes to: NaN, so that what it leaves out is seen. */
  static float[] target(int length) {
    float[] values = new float[length];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** What is expected of it, before anything is. */
  static double[] expected(float[] target) {
    double[] values = new double[target.length];
    Arrays.fill(values, Double.NaN);
    return values;
  }
}
