package org.sepconv;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Batch normalisation at inference, {@code gamma * (x - mean) / sqrt(variance + epsilon) + beta}
 * for each channel, which folds into the convolution before it: the weights of a {@link
 * BatchNormalization}.
 *
 * <p>The arrays hold one value a channel. Immutable: they are copied on the way in and out.
 *
 * @param variance not negative
 * @param epsilon not negative, and positive where a variance is zero
 */
public record BatchNorm(float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon)
    implements Weights {

  public BatchNorm {
    gamma = Objects.requireNonNull(gamma, "gamma").clone();
    beta = copy("beta", beta, gamma.length);
    mean = copy("mean", mean, gamma.length);
    variance = copy("variance", variance, gamma.length);
    if (!(epsilon >= 0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "epsilon is " + epsilon + ", but must be finite and not negative");
    }
    for (int i = 0; i < variance.length; i++) {
      if (!(variance[i] >= 0)) {
        throw new IllegalArgumentException(
            "variance[%d] is %s, but must not be negative".formatted(i, variance[i]));
      }
      if (variance[i] + epsilon == 0) {
        throw new IllegalArgumentException(
            "variance[%d] + epsilon is 0.0, but must be positive".formatted(i));
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
    checkChannels(conv.outChannels());
    int perOutput = conv.productsPerOutput();
    ConvWeights folded = weights.derived(this, () -> folded(weights, i -> i / perOutput));
    return new Folded(conv.withBias(true), folded);
  }

  /**
   * The weights with which {@code conv} with a bias computes {@code conv}, then this normalisation.
   *
   * @throws IllegalArgumentException if the weights or the number of channels do not match
   */
  public ConvWeights fold(TransposedConv2d conv, ConvWeights weights) {
    weights.checkMatches(conv);
    checkChannels(conv.outChannels());
    int taps = conv.kernelH() * conv.kernelW();
    int outputs = conv.outputsPerGroup();
    int perGroup = conv.channelsPerGroup() * outputs * taps;
    Object form = List.of(this, conv.channelsPerGroup(), outputs);
    return weights.derived(
        form, () -> folded(weights, i -> i / perGroup * outputs + i / taps % outputs));
  }

  /**
   * @param outputOf which output channel a value of the filter counts for
   */
  private ConvWeights folded(ConvWeights weights, IntUnaryOperator outputOf) {
    double[] scales = IntStream.range(0, gamma.length).mapToDouble(this::scale).toArray();
    float[] filter = weights.filter();
    for (int i = 0; i < filter.length; i++) {
      filter[i] = (float) (filter[i] * scales[outputOf.applyAsInt(i)]);
    }
    float[] bias = weights.biasOrZeros(gamma.length);
    for (int o = 0; o < bias.length; o++) {
      bias[o] = (float) ((bias[o] - (double) mean[o]) * scales[o] + beta[o]);
    }
    return ConvWeights.of(filter, bias);
  }

  private void checkChannels(int outChannels) {
    if (gamma.length != outChannels) {
      throw new IllegalArgumentException(
          "batch norm has %d channels, but the convolution has %d output channels"
              .formatted(gamma.length, outChannels));
    }
  }

  static BatchNorm filled(int channels, IntFunction<float[]> values) {
    float[] gamma = values.apply(channels);
    float[] beta = values.apply(channels);
    float[] mean = values.apply(channels);
    float[] variance = values.apply(channels);
    for (int i = 0; i < channels; i++) {
      variance[i] *= variance[i];
    }
    return new BatchNorm(gamma, beta, mean, variance, 1e-5);
  }

  /** What a channel is multiplied with, in float64. */
  public double scale(int channel) {
    return gamma[channel] / Math.sqrt(variance[channel] + epsilon);
  }

  /** What is added to a channel after {@link #scale}, in float64. */
  public double shift(int channel) {
    return beta[channel] - mean[channel] * scale(channel);
  }

  @Override
  public void checkMatches(Operation operation) {
    if (!(operation instanceof BatchNormalization norm)) {
      throw new IllegalArgumentException("a batch norm given for: " + operation);
    }
    if (gamma.length != norm.channels()) {
      throw new IllegalArgumentException(
          "the batch norm has %d channels, but %s is described".formatted(gamma.length, norm));
    }
  }

  /** A copy. */
  @Override
  public float[] gamma() {
    return gamma.clone();
  }

  /** A copy. */
  @Override
  public float[] beta() {
    return beta.clone();
  }

  /** A copy. */
  @Override
  public float[] mean() {
    return mean.clone();
  }

  /** A copy. */
  @Override
  public float[] variance() {
    return variance.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BatchNorm that
        && Arrays.equals(gamma, that.gamma)
        && Arrays.equals(beta, that.beta)
        && Arrays.equals(mean, that.mean)
        && Arrays.equals(variance, that.variance)
        && Double.compare(epsilon, that.epsilon) == 0;
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {gamma, beta, mean, variance, epsilon});
  }

  @Override
  public String toString() {
    return "BatchNorm[%d channels, epsilon %s]".formatted(gamma.length, epsilon);
  }

  private static float[] copy(String what, float[] values, int channels) {
    Objects.requireNonNull(values, what);
    if (values.length != channels) {
      throw new IllegalArgumentException(
          "%s has %d values, but gamma has %d".formatted(what, values.length, channels));
    }
    return values.clone();
  }
}
