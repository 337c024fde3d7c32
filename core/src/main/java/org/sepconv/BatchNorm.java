package org.sepconv;

/**
 * Batch normalisation at inference, {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta}
 * for each channel, which folds into the convolution before it.
 *
 * <p>The arrays, one value a channel, are the caller's and are not copied: do not change them.
 */
public record BatchNorm(
    float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {

  public BatchNorm {
    requireLength("beta", beta, gamma.length);
    requireLength("mean", mean, gamma.length);
    requireLength("variance", variance, gamma.length);
    for (int i = 0; i < variance.length; i++) {
      if (variance[i] + epsilon <= 0) {
        throw new IllegalArgumentException(
            "variance[%d] + epsilon is %s, but must be positive"
                .formatted(i, variance[i] + epsilon));
      }
    }
  }

  /** A convolution with a batch normalisation inside it. */
  public record Folded(Conv2d conv, ConvWeights weights) {}

  /**
   * The convolution and weights that compute {@code conv}, then this normalisation. The
   * convolution's activation comes after both, so {@code conv} describes convolution, batch norm,
   * activation in that order; the result always has a bias. Computed in float64, rounded once.
   *
   * @throws IllegalArgumentException if the weights or the number of channels do not match
   */
  public Folded fold(Conv2d conv, ConvWeights weights) {
    weights.checkMatches(conv);
    if (gamma.length != conv.outChannels()) {
      throw new IllegalArgumentException(
          "batch norm has %d channels, but the convolution has %d output channels"
              .formatted(gamma.length, conv.outChannels()));
    }
    float[] filter = weights.filter();
    float[] bias = weights.biasOrZeros(conv.outChannels());
    int perOutput = conv.productsPerOutput();
    for (int o = 0; o < conv.outChannels(); o++) {
      double scale = gamma[o] / Math.sqrt(variance[o] + epsilon);
      for (int i = o * perOutput; i < (o + 1) * perOutput; i++) {
        filter[i] = (float) (filter[i] * scale);
      }
      bias[o] = (float) ((bias[o] - (double) mean[o]) * scale + beta[o]);
    }
    return new Folded(conv.withBias(true), ConvWeights.of(filter, bias));
  }

  private static void requireLength(String what, float[] values, int channels) {
    if (values.length != channels) {
      throw new IllegalArgumentException(
          "%s has %d values, but gamma has %d".formatted(what, values.length, channels));
    }
  }
}
