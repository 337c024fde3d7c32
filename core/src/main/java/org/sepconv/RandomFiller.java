package org.sepconv;

import java.util.SplittableRandom;

/**
 * Even random values around zero. Those of a filter of n products have the variance 1/n, so that
 * the output has the mean square of the input; and twice that where an activation takes about half
 * of it away (He et al. 2015).
 */
final class RandomFiller implements WeightFiller {
  private static final float LARGEST_BIAS = 0.1f;

  private final SplittableRandom random;

  RandomFiller(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public float[] filter(int count, int products, Activation activation) {
    double variance = (activation.equals(Activation.NONE) ? 1.0 : 2.0) / products;
    return values(count, (float) Math.sqrt(3 * variance));
  }

  @Override
  public float[] bias(int count) {
    return values(count, LARGEST_BIAS);
  }

  private float[] values(int count, float largest) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = largest * (2 * random.nextFloat() - 1);
    }
    return values;
  }
}
