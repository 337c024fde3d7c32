package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.sepconv.Activation;
import org.sepconv.BatchNorm;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Shape;
import org.sepconv.TransposedConv2d;
import org.sepconv.onnx.model.Tensor;

/**
 * A factor and a summand for each channel become a part of the convolution before them, here and
 * not in the graph's passes: so the folded weights are the same object for every size of the
 * inputs.
 */
final class ChannelFolding {
  private ChannelFolding() {}

  /** The value behind a batch norm, if the convolution before it can do it. */
  static Optional<Running> fold(Scope scope, Running value, BatchNorm norm) {
    Optional<Graph.Node> giver =
        value.alone() ? scope.draft().node(value.node()) : Optional.empty();
    if (giver.isEmpty() || !(scope.draft().weights(value.node()) instanceof ConvWeights weights)) {
      return Optional.empty();
    }
    Operation operation = giver.get().operation();
    if (operation instanceof Conv2d conv
        && !conv.residual()
        && conv.activation().equals(Activation.NONE)) {
      return Optional.of(
          replaced(
              scope,
              value,
              giver.get(),
              conv.withBias(true),
              folded(scope, weights, norm, () -> norm.fold(conv, weights).weights())));
    }
    if (operation instanceof TransposedConv2d conv && conv.activation().equals(Activation.NONE)) {
      return Optional.of(
          replaced(
              scope,
              value,
              giver.get(),
              conv.withBias(true),
              folded(scope, weights, norm, () -> norm.fold(conv, weights))));
    }
    return Optional.empty();
  }

  /** The folded weights: one object for every size of the inputs. */
  private static ConvWeights folded(
      Scope scope, ConvWeights weights, BatchNorm norm, Supplier<ConvWeights> maker) {
    return scope.cache().of(ConvWeights.class, "folded", List.of(weights, norm), maker);
  }

  private static Running replaced(
      Scope scope, Running value, Graph.Node giver, Operation folding, ConvWeights folded) {
    scope.draft().remove(value.node());
    String name =
        scope.draft().add(scope.name(""), folding, folded, giver.inputs().toArray(String[]::new));
    return new Running(name, value.shape(), value.dimensions(), true);
  }

  /**
   * The same for {@code factor * x + summand}.
   *
   * @param beside how the operand lies beside the value
   * @param summand whether the operand is added; else it is multiplied
   */
  static Optional<Running> fold(
      Scope scope, Running value, Tensor operand, Shape beside, boolean summand, boolean negated) {
    int channels = value.shape().c();
    if (beside.n() != 1 || beside.h() != 1 || beside.w() != 1 || !value.alone()) {
      return Optional.empty();
    }
    String rule = (summand ? "summand" : "factor") + (negated ? " negated " : " ") + channels;
    BatchNorm norm =
        scope
            .cache()
            .of(
                BatchNorm.class,
                rule,
                List.of(operand),
                () -> {
                  float[] values = spread(operand.floats(), channels);
                  for (int i = 0; i < channels && negated; i++) {
                    values[i] = summand ? -values[i] : 1 / values[i];
                  }
                  return summand
                      ? affine(filled(channels, 1), values)
                      : affine(values, new float[channels]);
                });
    return fold(scope, value, norm);
  }

  /** One value for each channel: a single one serves all. */
  static float[] spread(float[] values, int channels) {
    return values.length == 1 ? filled(channels, values[0]) : values.clone();
  }

  /** {@code factor * x + summand}. */
  static BatchNorm affine(float[] factors, float[] summands) {
    int channels = factors.length;
    return new BatchNorm(factors, summands, new float[channels], filled(channels, 1), 0);
  }

  static float[] filled(int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return values;
  }
}
