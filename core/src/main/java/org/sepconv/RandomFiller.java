package org.sepconv;

import java.util.SplittableRandom;

/**
 * Even random values around zero. Those of a filter of n products have the variance 1/n, so that
 * the output has the mean square of the input, times the gain (He et al. 2015).
 */
final class RandomFiller implements WeightFiller {
  private static final float LARGEST_BIAS = 0.1f;

  private final SplittableRandom random;

  RandomFiller(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public float[] filter(int count, int products, double gain) {
    return values(count, (float) Math.sqrt(3 * gain / products));
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
  public BatchNorm batchNorm(int channels, double gain) {
    double scale = Math.sqrt(gain);
    float[] gamma = new float[channels];
    float[] variance = new float[channels];
    for (int i = 0; i < channels; i++) {
      gamma[i] = (float) (scale * random.nextDouble(0.8, 1.2));
      variance[i] = (float) random.nextDouble(0.8, 1.2);
    }
    // Small values would be drowned by ordinary biases, whatever the network is given.
    float bias = LARGEST_BIAS * (float) Math.min(1, scale);
    return new BatchNorm(gamma, values(channels, bias), values(channels, bias), variance, 1e-5);
  }

  private float[] values(int count, float largest) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = largest * (2 * random.nextFloat() - 1);
    }
    return values;
  }
}
