package org.sepconv;

import java.util.function.IntFunction;

/** Where the values of weights come from: asked once for each filter, bias and batch norm. */
public interface WeightFiller {

  /**
   * Values of a filter.
   *
   * @param count how many
   * @param products how many of them each output value is a sum of products with
   * @param activation of the output
   */
  float[] filter(int count, int products, Activation activation);

  /**
   * Values of a bias.
   *
   * @param count how many
   */
  float[] bias(int count);

  /**
   * The normalisation of so many channels.
   *
   * @param activation of the output
   */
  BatchNorm batchNorm(int channels, Activation activation);

  /** The same values for filters, biases and batch norms, with squares as variances. */
  static WeightFiller of(IntFunction<float[]> values) {
    return new WeightFiller() {
      @Override
      public float[] filter(int count, int products, Activation activation) {
        return values.apply(count);
      }

      @Override
      public float[] bias(int count) {
        return values.apply(count);
      }

      @Override
      public BatchNorm batchNorm(int channels, Activation activation) {
        return BatchNorm.filled(channels, values);
      }
    };
  }
}
