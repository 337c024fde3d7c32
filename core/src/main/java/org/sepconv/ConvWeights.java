package org.sepconv;

import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The filter of a {@link Conv2d} in O x C/groups x KH x KW order, or of a {@link TransposedConv2d}
 * in C x O/groups x KH x KW order (both PyTorch's and ONNX's), and optionally its bias of O values.
 * Immutable: arrays are copied on the way in and out.
 */
public final class ConvWeights implements Weights {
  private final float[] filter;
  private final Optional<float[]> bias;

  /** By what they were computed with. Guarded by itself. */
  private final Map<Object, WeakReference<ConvWeights>> derived = new HashMap<>(0);

  private ConvWeights(float[] filter, Optional<float[]> bias) {
    this.filter = filter;
    this.bias = bias;
  }

  /** Weights without a bias. */
  public static ConvWeights of(float[] filter) {
    return new ConvWeights(filter.clone(), Optional.empty());
  }

  /** Weights with a bias. */
  public static ConvWeights of(float[] filter, float[] bias) {
    return new ConvWeights(filter.clone(), Optional.of(bias.clone()));
  }

  /**
   * From the TensorFlow and Keras order KH x KW x C/groups x O ("HWIO") of {@code Conv2D}.
   *
   * @throws IllegalArgumentException if the filter has not {@code conv.filterSize()} values
   */
  public static ConvWeights fromHwio(Conv2d conv, float[] hwio) {
    checkFilter(conv, hwio.length);
    float[] filter = new float[hwio.length];
    int channels = conv.channelsPerGroup();
    int target = 0;
    for (int o = 0; o < conv.outChannels(); o++) {
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < conv.kernelH() * conv.kernelW(); tap++) {
          filter[target++] = hwio[(tap * channels + c) * conv.outChannels() + o];
        }
      }
    }
    return new ConvWeights(filter, Optional.empty());
  }

  /**
   * From the TensorFlow and Keras order KH x KW x C x M of {@code DepthwiseConv2D}: output channel
   * {@code c * M + m} is filter m of input channel c.
   *
   * @throws IllegalArgumentException if {@code conv} is not depthwise, or the filter has not {@code
   *     conv.filterSize()} values
   */
  public static ConvWeights fromDepthwiseHwcm(Conv2d conv, float[] hwcm) {
    if (conv.groups() != conv.inChannels()) {
      throw new IllegalArgumentException("not a depthwise convolution: " + conv);
    }
    checkFilter(conv, hwcm.length);
    float[] filter = new float[hwcm.length];
    int taps = conv.kernelH() * conv.kernelW();
    for (int o = 0; o < conv.outChannels(); o++) {
      for (int tap = 0; tap < taps; tap++) {
        filter[o * taps + tap] = hwcm[tap * conv.outChannels() + o];
      }
    }
    return new ConvWeights(filter, Optional.empty());
  }

  /**
   * @param gain the mean square of the sums over that of the input
   */
  static ConvWeights filled(Conv2d conv, WeightFiller filler, double gain) {
    ConvWeights filter = of(filler.filter(conv.filterSize(), conv.productsPerOutput(), gain));
    return conv.bias() ? filter.withBias(filler.bias(conv.outChannels())) : filter;
  }

  static ConvWeights filled(TransposedConv2d conv, WeightFiller filler, double gain) {
    ConvWeights filter = of(filler.filter(conv.filterSize(), conv.productsPerOutput(), gain));
    return conv.bias() ? filter.withBias(filler.bias(conv.outChannels())) : filter;
  }

  /**
   * Weights computed from these: the same object for the same form, as long as somebody keeps it,
   * so that what a backend packs for one graph serves others with the same weights.
   *
   * @param form what they are computed with, and how
   */
  ConvWeights derived(Object form, Supplier<ConvWeights> compute) {
    synchronized (derived) {
      WeakReference<ConvWeights> reference = derived.get(form);
      ConvWeights known = reference == null ? null : reference.get();
      if (known == null) {
        known = compute.get();
        derived.put(form, new WeakReference<>(known));
      }
      return known;
    }
  }

  /** The same filter with this bias. */
  public ConvWeights withBias(float[] values) {
    return new ConvWeights(filter, Optional.of(values.clone()));
  }

  /** A copy of the filter. */
  public float[] filter() {
    return filter.clone();
  }

  /** A copy of the bias, if there is one. */
  public Optional<float[]> bias() {
    return bias.map(float[]::clone);
  }

  /** A copy of the bias, or {@code outChannels} zeros. */
  public float[] biasOrZeros(int outChannels) {
    return bias.map(float[]::clone).orElseGet(() -> new float[outChannels]);
  }

  @Override
  public void checkMatches(Operation operation) {
    Objects.requireNonNull(operation, "operation");
    if (operation instanceof Conv2d conv) {
      checkFilter(conv, filter.length);
      checkBias(conv, conv.bias(), conv.outChannels());
    } else if (operation instanceof TransposedConv2d transposed) {
      checkFilter(transposed, filter.length);
      checkBias(transposed, transposed.bias(), transposed.outChannels());
    } else {
      throw new IllegalArgumentException(
          "weights of a single convolution given for: "
              + operation
              + "; give SeparableWeights of both stages");
    }
  }

  private void checkBias(Operation conv, boolean due, int outChannels) {
    if (bias.isPresent() != due) {
      throw new IllegalArgumentException(
          due
              ? "the convolution has a bias, but the weights have none: " + conv
              : "the weights have a bias, but the convolution has none; describe it with bias(): "
                  + conv);
    }
    if (bias.isPresent() && bias.get().length != outChannels) {
      throw new IllegalArgumentException(
          "bias has %d values, but the convolution has %d output channels"
              .formatted(bias.get().length, outChannels));
    }
  }

  private static void checkFilter(TransposedConv2d conv, int length) {
    if (length != conv.filterSize()) {
      throw new IllegalArgumentException(
          "filter has %d values, but %dx%dx%dx%d (C x O/groups x KH x KW) needs %d"
              .formatted(
                  length,
                  conv.inChannels(),
                  conv.outputsPerGroup(),
                  conv.kernelH(),
                  conv.kernelW(),
                  conv.filterSize()));
    }
  }

  private static void checkFilter(Conv2d conv, int length) {
    if (length != conv.filterSize()) {
      throw new IllegalArgumentException(
          "filter has %d values, but %dx%dx%dx%d (O x C/groups x KH x KW) needs %d"
              .formatted(
                  length,
                  conv.outChannels(),
                  conv.channelsPerGroup(),
                  conv.kernelH(),
                  conv.kernelW(),
                  conv.filterSize()));
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ConvWeights that
        && Arrays.equals(filter, that.filter)
        && Arrays.equals(bias.orElse(null), that.bias.orElse(null));
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(filter) + Arrays.hashCode(bias.orElse(null));
  }

  @Override
  public String toString() {
    return "ConvWeights[%d filter values, %d bias values]"
        .formatted(filter.length, bias.map(values -> values.length).orElse(0));
  }
}
