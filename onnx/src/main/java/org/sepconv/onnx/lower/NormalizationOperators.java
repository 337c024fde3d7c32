package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.SquareRoot;
import org.sepconv.Unary;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Normalisations. Only that over the batch has an operation of its own; others are in parts. */
final class NormalizationOperators {
  private NormalizationOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("BatchNormalization", NormalizationOperators::batch);
    all.put("LayerNormalization", NormalizationOperators::layer);
    all.put("InstanceNormalization", NormalizationOperators::instance);
    all.put("GroupNormalization", NormalizationOperators::group);
  }

  private static void batch(Scope scope) {
    if (scope.attributes().flag("training_mode") || scope.attributes().integer("spatial", 1) == 0) {
      throw new UnsupportedNode("in training mode, or of each pixel on its own");
    }
    List<Object> tensors =
        List.of(
            scope.constant(1, "scale"),
            scope.constant(2, "bias"),
            scope.constant(3, "mean"),
            scope.constant(4, "variance"));
    float epsilon = scope.attributes().real("epsilon", 1e-5f);
    BatchNorm norm =
        scope
            .cache()
            .of(
                BatchNorm.class,
                "batch norm " + epsilon,
                tensors,
                () ->
                    new BatchNorm(
                        floats(tensors, 0),
                        floats(tensors, 1),
                        floats(tensors, 2),
                        floats(tensors, 3),
                        epsilon));
    Running value = scope.running(0);
    int[] dimensions = value.dimensions();
    if (dimensions.length < 2 || dimensions[1] != norm.gamma().length) {
      throw new OnnxException(
          "%d channels for an input of %s"
              .formatted(norm.gamma().length, Arrays.toString(dimensions)));
    }
    Shape shape = value.shape();
    Running image =
        shape.n() == dimensions[0] && shape.c() == dimensions[1]
            ? value
            : scope.view(
                value,
                dimensions.length <= 4
                    ? Shapes.image(dimensions)
                    : new Shape(
                        dimensions[0],
                        dimensions[1],
                        1,
                        Tensor.elements(Arrays.copyOfRange(dimensions, 2, dimensions.length))));
    scope.give(
        ChannelFolding.fold(scope, image, norm)
            .orElseGet(
                () ->
                    scope.apply(
                        "", new BatchNormalization(dimensions[1]), norm, dimensions, image)));
  }

  private static float[] floats(List<Object> tensors, int index) {
    return ((Tensor) tensors.get(index)).floats();
  }

  private static void layer(Scope scope) {
    Running value = scope.running(0);
    int first = Rules.axis(scope.attributes().integer("axis", -1), value.rank());
    int[] axes = IntStream.range(first, value.rank()).toArray();
    Normal normal = normalized(scope, value, axes);
    scope.give(
        scaled(scope, normal.value(), scope.running(1), scope.has(2) ? scope.running(2) : null));
    if (scope.node().hasOutput(1)) {
      scope.give(1, normal.mean());
    }
    if (scope.node().hasOutput(2)) {
      scope.give(2, scope.map("inverse", new Unary(Unary.Function.RECIPROCAL), normal.deviation()));
    }
  }

  private static void instance(Scope scope) {
    Running value = scope.running(0);
    Running normal = normalized(scope, value, IntStream.range(2, value.rank()).toArray()).value();
    int[] one = ones(value.rank());
    one[1] = value.dimension(1);
    scope.give(
        scaled(
            scope,
            normal,
            scope.running(1).withDimensions(one),
            scope.running(2).withDimensions(one)));
  }

  private static void group(Scope scope) {
    Running value = scope.running(0);
    int[] dimensions = value.dimensions();
    int groups = Math.toIntExact(scope.attributes().integer("num_groups", 1));
    int each = dimensions[1] / groups;
    if (each * groups != dimensions[1]) {
      throw new OnnxException("%d channels in %d groups".formatted(dimensions[1], groups));
    }
    int pixels = Tensor.elements(Arrays.copyOfRange(dimensions, 2, dimensions.length));
    Running grouped = value.withDimensions(dimensions[0], groups, each, pixels);
    Running normal = normalized(scope, grouped, 2, 3).value().withDimensions(dimensions);
    int[] one = ones(dimensions.length);
    one[1] = dimensions[1];
    scope.give(
        scaled(scope, normal, perChannel(scope, 1, each, one), perChannel(scope, 2, each, one)));
  }

  /** Older operator sets have one value a group, newer ones one a channel. */
  private static Running perChannel(Scope scope, int input, int each, int[] dimensions) {
    Tensor given = scope.constant(input, "the scale or bias");
    int channels = Tensor.elements(dimensions);
    if (given.size() == channels) {
      return scope.running(input).withDimensions(dimensions);
    }
    float[] values = new float[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = (float) given.real(i / each);
    }
    return scope.constant(
        scope.name("spread" + input), Tensor.of(dimensions, values), Shapes.natural(dimensions));
  }

  private static int[] ones(int rank) {
    int[] ones = new int[rank];
    Arrays.fill(ones, 1);
    return ones;
  }

  private record Normal(Running value, Running mean, Running deviation) {}

  /** {@code (x - mean) / sqrt(variance + epsilon)} over these axes. */
  private static Normal normalized(Scope scope, Running value, int... axes) {
    Running mean = ReductionOperators.over(scope, "mean", value, Reduce.Function.MEAN, axes);
    Running centred =
        ArithmeticOperators.binary(scope, "centred", Binary.Function.SUBTRACT, value, mean);
    Running square =
        ArithmeticOperators.binary(scope, "square", Binary.Function.MULTIPLY, centred, centred);
    Running variance =
        ReductionOperators.over(scope, "variance", square, Reduce.Function.MEAN, axes);
    Running more =
        ArithmeticOperators.binary(
            scope,
            "epsilon",
            Binary.Function.ADD,
            variance,
            scope.attributes().real("epsilon", 1e-5f));
    Running deviation = scope.map("deviation", new SquareRoot(), more);
    return new Normal(
        ArithmeticOperators.binary(scope, "normal", Binary.Function.DIVIDE, centred, deviation),
        mean,
        deviation);
  }

  private static Running scaled(Scope scope, Running value, Running scale, @Nullable Running bias) {
    Running scaled =
        ArithmeticOperators.binary(
            scope, bias == null ? "" : "scaled", Binary.Function.MULTIPLY, value, scale);
    return bias == null
        ? scaled
        : ArithmeticOperators.binary(scope, "", Binary.Function.ADD, scaled, bias);
  }
}
