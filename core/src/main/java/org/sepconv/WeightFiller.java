package org.sepconv;

import java.util.function.IntFunction;

/**
 * Where the values of weights come from: asked once for each filter, bias, constant and batch norm.
 */
public interface WeightFiller {

  /**
   * Values of a filter.
   *
   * @param count how many
   * @param products how many of them each output value is a sum of products with
   * @param gain the mean square of the sums over that of the input: more than 1 where an activation
   *     takes a part of them away, or where something made the input small
   */
  float[] filter(int count, int products, double gain);

  /**
   * Values of a bias.
   *
   * @param count how many
   */
  float[] bias(int count);

  /**
   * Values of a constant that others are multiplied with or divided by.
   *
   * @param count how many
   */
  float[] factor(int count);

  /**
   * Values of a constant that is added to what a square root is taken of: the epsilon of a layer
   * norm. None is negative.
   *
   * @param count how many
   */
  float[] epsilon(int count);

  /**
   * The normalisation of so many channels.
   *
   * @param gain the mean square of the output over that of the input
   */
  BatchNorm batchNorm(int channels, double gain);

  /** The same values for all, with squares as variances and epsilons. */
  static WeightFiller of(IntFunction<float[]> values) {
    return new WeightFiller() {
      @Override
      public float[] filter(int count, int products, double gain) {
        return values.apply(count);
      }

      @Override
      public float[] bias(int count) {
        return values.apply(count);
      }

      @Override
      public float[] factor(int count) {
        return values.apply(count);
      }

      @Override
      public float[] epsilon(int count) {
        float[] squares = values.apply(count);
        for (int i = 0; i < count; i++) {
          squares[i] *= squares[i];
        }
        return squares;
      }

      @Override
      public BatchNorm batchNorm(int channels, double gain) {
        return BatchNorm.filled(channels, values);
      }
    };
  }
}
