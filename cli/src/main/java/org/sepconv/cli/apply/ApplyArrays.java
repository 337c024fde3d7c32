package org.sepconv.cli.apply;

import java.util.Optional;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.files.FloatArray;

/** A convolution as the arrays given to {@code sepconv apply} describe it, and its weights. */
record ApplyArrays(Convolution convolution, Weights weights) {

  /**
   * A separable convolution; the depth multiplier is what the depthwise filter has for each channel
   * of the input.
   *
   * @param depthwise C*M x 1 x KH x KW
   * @param depthwiseBias C*M
   * @param pointwise O x C*M x 1 x 1
   * @param pointwiseBias O
   * @throws IllegalArgumentException if they do not fit together, naming the array
   */
  static ApplyArrays separable(
      Shape input,
      FloatArray depthwise,
      Optional<FloatArray> depthwiseBias,
      Activation depthwiseActivation,
      FloatArray pointwise,
      Optional<FloatArray> pointwiseBias,
      ApplyParameters parameters) {
    depthwise.requireRank("C*M x 1 x KH x KW", "for C x KH x KW: d[:, np.newaxis]");
    pointwise.requireRank("O x C*M x 1 x 1", "for O x C*M: p[:, :, np.newaxis, np.newaxis]");
    int channels = input.c();
    if (depthwise.size(0) % channels != 0 || depthwise.size(1) != 1) {
      throw new IllegalArgumentException(
          "%s has the shape %s, but must be C*M x 1 x KH x KW: M filters of one channel for each of the input's %d channels"
              .formatted(depthwise.name(), FloatArray.python(depthwise.shape()), channels));
    }
    if (pointwise.size(2) != 1 || pointwise.size(3) != 1) {
      throw new IllegalArgumentException(
          "%s has the shape %s, but a pointwise filter is O x C*M x 1 x 1"
              .formatted(pointwise.name(), FloatArray.python(pointwise.shape())));
    }
    Conv2d first =
        conv(depthwise, channels, channels, depthwiseBias, parameters, depthwiseActivation);
    Conv2d second =
        Conv2d.pointwise(pointwise.size(1), pointwise.size(0))
            .bias(pointwiseBias.isPresent())
            .activation(parameters.activation())
            .build();
    return new ApplyArrays(
        new SeparableConv2d(first, second),
        new SeparableWeights(
            weights(first, depthwise, depthwiseBias), weights(second, pointwise, pointwiseBias)));
  }

  /**
   * A single convolution.
   *
   * @param filter O x C/groups x KH x KW
   * @param bias O
   * @throws IllegalArgumentException if they do not fit together, naming the array
   */
  static ApplyArrays single(
      FloatArray filter, Optional<FloatArray> bias, int groups, ApplyParameters parameters) {
    filter.requireRank("O x C/G x KH x KW", "for O x C: f[:, :, np.newaxis, np.newaxis]");
    if (groups < 1 || groups > Shape.MAX_ELEMENTS / filter.size(1)) {
      throw new IllegalArgumentException(
          "--groups is %d, but must be at least 1 and divide the channels".formatted(groups));
    }
    Conv2d conv =
        conv(filter, filter.size(1) * groups, groups, bias, parameters, parameters.activation());
    return new ApplyArrays(conv, weights(conv, filter, bias));
  }

  private static Conv2d conv(
      FloatArray filter,
      int inChannels,
      int groups,
      Optional<FloatArray> bias,
      ApplyParameters parameters,
      Activation activation) {
    return Conv2d.of(inChannels, filter.size(0))
        .groups(groups)
        .kernel(filter.size(2), filter.size(3))
        .stride(parameters.stride().height(), parameters.stride().width())
        .dilation(parameters.dilation().height(), parameters.dilation().width())
        .padding(parameters.padding())
        .bias(bias.isPresent())
        .activation(activation)
        .build();
  }

  private static ConvWeights weights(Conv2d conv, FloatArray filter, Optional<FloatArray> bias) {
    if (bias.isEmpty()) {
      return ConvWeights.of(filter.values());
    }
    FloatArray values = bias.get().requireRank("O", "flatten it with b.ravel()");
    if (values.size(0) != conv.outChannels()) {
      throw new IllegalArgumentException(
          "%s has %d values, but %s has %d output channels"
              .formatted(values.name(), values.size(0), filter.name(), conv.outChannels()));
    }
    return ConvWeights.of(filter.values(), values.values());
  }
}
