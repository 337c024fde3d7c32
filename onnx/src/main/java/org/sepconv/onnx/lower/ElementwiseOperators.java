package org.sepconv.onnx.lower;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNorm;
import org.sepconv.Binary;
import org.sepconv.SquareRoot;
import org.sepconv.Unary;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Operators on each value alone. */
final class ElementwiseOperators {
  private ElementwiseOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Relu", scope -> activate(scope, Activation.RELU));
    all.put("Sigmoid", scope -> activate(scope, Activation.SIGMOID));
    all.put("Tanh", scope -> activate(scope, Activation.TANH));
    all.put("HardSwish", scope -> activate(scope, Activation.HARD_SWISH));
    all.put("Silu", scope -> activate(scope, Activation.SILU));
    all.put("Swish", ElementwiseOperators::swish);
    all.put("Gelu", ElementwiseOperators::gelu);
    all.put("HardSigmoid", ElementwiseOperators::hardSigmoid);
    all.put("LeakyRelu", ElementwiseOperators::leakyRelu);
    all.put("PRelu", ElementwiseOperators::slopes);
    all.put("Clip", ElementwiseOperators::clip);
    all.put("Sqrt", scope -> scope.give(scope.map("", new SquareRoot(), scope.running(0))));
    all.put("Neg", scope -> function(scope, Unary.Function.NEGATIVE));
    all.put("Abs", scope -> function(scope, Unary.Function.ABSOLUTE));
    all.put("Reciprocal", scope -> function(scope, Unary.Function.RECIPROCAL));
    all.put("Exp", scope -> function(scope, Unary.Function.EXPONENTIAL));
    all.put("Log", scope -> function(scope, Unary.Function.LOGARITHM));
    all.put("Erf", scope -> function(scope, Unary.Function.ERROR_FUNCTION));
    all.put("Identity", scope -> scope.give(scope.running(0)));
    all.put("Dropout", ElementwiseOperators::dropout);
    all.put("Cast", ElementwiseOperators::cast);
  }

  private static void activate(Scope scope, Activation activation) {
    scope.give(scope.map("", new Activate(activation), scope.running(0)));
  }

  private static void function(Scope scope, Unary.Function function) {
    scope.give(scope.map("", new Unary(function), scope.running(0)));
  }

  private static void swish(Scope scope) {
    if (scope.attributes().real("alpha", 1) != 1) {
      throw new UnsupportedNode("with an alpha that is not 1");
    }
    activate(scope, Activation.SILU);
  }

  private static void gelu(Scope scope) {
    String approximate = scope.attributes().text("approximate", "none");
    if (approximate.equals("none")) {
      activate(scope, Activation.GELU);
      return;
    }
    scope.give(CurveOperators.approximateGelu(scope));
  }

  /** {@code min(max(alpha * x + beta, 0), 1)}; with 1/6 and 1/2 it is MobileNetV3's. */
  private static void hardSigmoid(Scope scope) {
    Attributes attributes = scope.attributes();
    float alpha = attributes.real("alpha", 0.2f);
    float beta = attributes.real("beta", 0.5f);
    if (isNear(alpha, 1 / 6.0) && beta == 0.5f) {
      activate(scope, Activation.HARD_SIGMOID);
      return;
    }
    Running value = scope.running(0);
    Optional<Running> folded = Optional.empty();
    if (value.alone()) {
      int channels = value.shape().c();
      BatchNorm norm =
          ChannelFolding.affine(
              ChannelFolding.filled(channels, alpha), ChannelFolding.filled(channels, beta));
      BatchNorm kept =
          scope
              .cache()
              .of(
                  BatchNorm.class,
                  "hard sigmoid %s %s %d".formatted(alpha, beta, channels),
                  List.of(),
                  () -> norm);
      folded = ChannelFolding.fold(scope, value, kept);
    }
    Running line =
        folded.orElseGet(
            () ->
                ArithmeticOperators.binary(
                    scope,
                    "line",
                    Binary.Function.ADD,
                    ArithmeticOperators.binary(
                        scope, "slope", Binary.Function.MULTIPLY, value, alpha),
                    beta));
    scope.give(scope.map("", new Activate(new Activation.Clamp(0, 1)), line));
  }

  static boolean isNear(double value, double expected) {
    return Math.abs(value - expected) <= 1e-5 * Math.abs(expected);
  }

  private static void leakyRelu(Scope scope) {
    float slope = scope.attributes().real("alpha", 0.01f);
    if (slope >= 0 && slope <= 1) {
      activate(scope, new Activation.LeakyRelu(slope));
    } else {
      scope.give(
          ArithmeticOperators.binary(scope, "", Binary.Function.PRELU, scope.running(0), slope));
    }
  }

  private static void slopes(Scope scope) {
    Optional<Tensor> one = scope.tensor(1).filter(tensor -> tensor.size() == 1);
    double slope = one.map(tensor -> tensor.real(0)).orElse(-1.0);
    if (slope >= 0 && slope <= 1) {
      activate(scope, new Activation.LeakyRelu((float) slope));
    } else {
      scope.give(
          ArithmeticOperators.binary(
              scope, "", Binary.Function.PRELU, scope.running(0), scope.running(1)));
    }
  }

  private static void clip(Scope scope) {
    float min = bound(scope, 1, "min", Float.NEGATIVE_INFINITY);
    float max = bound(scope, 2, "max", Float.POSITIVE_INFINITY);
    if (min == 0 && max == 6) {
      activate(scope, Activation.RELU6);
    } else if (min == 0 && max == Float.POSITIVE_INFINITY) {
      activate(scope, Activation.RELU);
    } else {
      // Where the bounds are the wrong way round, the upper one wins.
      activate(scope, new Activation.Clamp(Math.min(min, max), max));
    }
  }

  /** An attribute in older operator sets, an input in newer ones. */
  private static float bound(Scope scope, int input, String name, float otherwise) {
    Optional<Tensor> given = scope.known(input, name);
    if (given.isPresent() && given.get().size() != 1) {
      throw new OnnxException("%s has %d values".formatted(name, given.get().size()));
    }
    float value =
        given
            .map(tensor -> (float) tensor.real(0))
            .orElseGet(() -> scope.attributes().real(name, otherwise));
    // The defaults of operator set 6 are the largest finite numbers.
    return Math.abs(value) == Float.MAX_VALUE
        ? Math.copySign(Float.POSITIVE_INFINITY, value)
        : value;
  }

  private static void dropout(Scope scope) {
    if (scope.has(2) && scope.constant(2, "training_mode").integer(0) != 0) {
      throw new UnsupportedNode("in training mode");
    }
    scope.give(scope.running(0));
  }

  /** Everything is computed in float32. */
  private static void cast(Scope scope) {
    long type = scope.attributes().integer("to", 1);
    if (type != 1 && type != 10 && type != 11 && type != 16) {
      throw new UnsupportedNode("of computed values to ONNX's type " + type);
    }
    scope.give(scope.running(0));
  }
}
