package org.sepconv.onnx.lower;

import java.util.Map;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Unary;

/** Activations that no operation has, in parts: so that nothing overflows on the way. */
final class CurveOperators {
  private CurveOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Elu", scope -> scope.give(elu(scope, 1, scope.attributes().real("alpha", 1))));
    all.put(
        "Selu",
        scope -> {
          float gamma = scope.attributes().real("gamma", 1.0507009873554805f);
          float alpha = scope.attributes().real("alpha", 1.6732632423543772f);
          scope.give(elu(scope, gamma, gamma * alpha));
        });
    all.put("Softplus", scope -> scope.give(softplus(scope, "")));
    all.put("Softsign", CurveOperators::softsign);
    all.put("Mish", CurveOperators::mish);
  }

  private static Running with(
      Scope scope, String suffix, Binary.Function function, Running value, float number) {
    return ArithmeticOperators.binary(scope, suffix, function, value, number);
  }

  private static Running with(
      Scope scope, String suffix, Binary.Function function, Running first, Running second) {
    return ArithmeticOperators.binary(scope, suffix, function, first, second);
  }

  /** {@code above * max(x, 0) + below * (exp(min(x, 0)) - 1)}. */
  private static Running elu(Scope scope, float above, float below) {
    Running x = scope.running(0);
    Running positive = scope.map("positive", new Activate(Activation.RELU), x);
    Running negative = with(scope, "negative", Binary.Function.MINIMUM, x, 0);
    Running exp = scope.map("exp", new Unary(Unary.Function.EXPONENTIAL), negative);
    Running less = with(scope, "less", Binary.Function.SUBTRACT, exp, 1);
    Running curve = with(scope, "curve", Binary.Function.MULTIPLY, less, below);
    Running line =
        above == 1 ? positive : with(scope, "line", Binary.Function.MULTIPLY, positive, above);
    return with(scope, "", Binary.Function.ADD, line, curve);
  }

  /** {@code log(1 + exp(x))}, as {@code max(x, 0) + log(1 + exp(-|x|))}. */
  private static Running softplus(Scope scope, String suffix) {
    Running x = scope.running(0);
    Running size = scope.map("size", new Unary(Unary.Function.ABSOLUTE), x);
    Running negative = scope.map("negative", new Unary(Unary.Function.NEGATIVE), size);
    Running exp = scope.map("exp", new Unary(Unary.Function.EXPONENTIAL), negative);
    Running more = with(scope, "more", Binary.Function.ADD, exp, 1);
    Running log = scope.map("log", new Unary(Unary.Function.LOGARITHM), more);
    Running positive = scope.map("positive", new Activate(Activation.RELU), x);
    return with(scope, suffix, Binary.Function.ADD, positive, log);
  }

  /** {@code x / (1 + |x|)}. */
  private static void softsign(Scope scope) {
    Running x = scope.running(0);
    Running size = scope.map("size", new Unary(Unary.Function.ABSOLUTE), x);
    Running more = with(scope, "more", Binary.Function.ADD, size, 1);
    scope.give(with(scope, "", Binary.Function.DIVIDE, x, more));
  }

  /** {@code x * tanh(softplus(x))}. */
  private static void mish(Scope scope) {
    Running gate = scope.map("gate", new Activate(Activation.TANH), softplus(scope, "softplus"));
    scope.give(with(scope, "", Binary.Function.MULTIPLY, scope.running(0), gate));
  }

  /** {@code x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2}. */
  static Running approximateGelu(Scope scope) {
    Running x = scope.running(0);
    Running square = with(scope, "square", Binary.Function.MULTIPLY, x, x);
    Running scaled = with(scope, "scaled", Binary.Function.MULTIPLY, square, 0.044715f);
    Running plus = with(scope, "plus", Binary.Function.ADD, scaled, 1);
    Running inner = with(scope, "inner", Binary.Function.MULTIPLY, plus, x);
    float root = (float) Math.sqrt(2 / Math.PI);
    Running argument = with(scope, "argument", Binary.Function.MULTIPLY, inner, root);
    Running tanh = scope.map("tanh", new Activate(Activation.TANH), argument);
    Running one = with(scope, "one", Binary.Function.ADD, tanh, 1);
    Running half = with(scope, "half", Binary.Function.MULTIPLY, x, 0.5f);
    return with(scope, "", Binary.Function.MULTIPLY, half, one);
  }
}
