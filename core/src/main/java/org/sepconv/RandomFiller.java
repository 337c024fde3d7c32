package org.sepconv;

import java.util.SplittableRandom;

/**
 * Even random values around zero. Those of a filter of n products have the variance 1/n, so that
 * the output has the mean square of the input; and more where an activation takes a part of it
 * away, twice that for ReLU (He et al. 2015).
 */
final class RandomFiller implements WeightFiller {
  private static final float LARGEST_BIAS = 0.1f;

  /** Where the integral over a normal distribution ends, and its steps. */
  private static final double WIDEST = 6;

  private static final double STEP = 1.0 / 64;

  /** A clamp may give next to nothing, which no filter makes up for. */
  private static final double MOST_KEPT = 4;

  private final SplittableRandom random;

  RandomFiller(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public float[] filter(int count, int products, Activation activation, double left) {
    double variance = kept(activation) / (products * left);
    return values(count, (float) Math.sqrt(3 * variance));
  }

  @Override
  public float[] bias(int count) {
    return values(count, LARGEST_BIAS);
  }

  @Override
  public float[] factor(int count) {
    float[] factors = new float[count];
    for (int i = 0; i < count; i++) {
      factors[i] = (float) random.nextDouble(0.8, 1.2);
    }
    return factors;
  }

  @Override
  public float[] epsilon(int count) {
    float[] epsilons = new float[count];
    for (int i = 0; i < count; i++) {
      epsilons[i] = (float) random.nextDouble(1e-6, 1e-5);
    }
    return epsilons;
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

  /**
   * What makes up for the part that an activation takes away: one over the mean square that it
   * gives for normal arguments; 2 for ReLU.
   */
  private static double kept(Activation activation) {
    double squares = 0;
    double weights = 0;
    for (double x = -WIDEST + STEP / 2; x < WIDEST; x += STEP) {
      double weight = Math.exp(-x * x / 2);
      squares += weight * activation.apply(x) * activation.apply(x);
      weights += weight;
    }
    return Math.clamp(weights / squares, 1, MOST_KEPT);
  }

  private float[] values(int count, float largest) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = largest * (2 * random.nextFloat() - 1);
    }
    return values;
  }
}
