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
    double variance = kept(activation) / products;
    return values(count, (float) Math.sqrt(3 * variance));
  }

  @Override
  public float[] bias(int count) {
    return values(count, LARGEST_BIAS);
  }

  @Override
  public BatchNorm batchNorm(int channels, Activation activation) {
    double scale = Math.sqrt(kept(activation));
    float[] gamma = new float[channels];
    float[] variance = new float[channels];
    for (int i = 0; i < channels; i++) {
      gamma[i] = (float) (scale * random.nextDouble(0.8, 1.2));
      variance[i] = (float) random.nextDouble(0.8, 1.2);
    }
    return new BatchNorm(
        gamma, values(channels, LARGEST_BIAS), values(channels, LARGEST_BIAS), variance, 1e-5);
  }

  /** What makes up for the part that an activation takes away. */
  private static double kept(Activation activation) {
    return activation.equals(Activation.NONE) ? 1.0 : 2.0;
  }

  private float[] values(int count, float largest) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = largest * (2 * random.nextFloat() - 1);
    }
    return values;
  }
}
