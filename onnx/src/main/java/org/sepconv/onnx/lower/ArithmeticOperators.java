package org.sepconv.onnx.lower;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Shape;
import org.sepconv.SquareRoot;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.Tensor;

/** Operators on two values, each repeated along the dimensions that only the other one has. */
final class ArithmeticOperators {
  private ArithmeticOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Add", scope -> binary(scope, Binary.Function.ADD));
    all.put("Sub", scope -> binary(scope, Binary.Function.SUBTRACT));
    all.put("Mul", scope -> binary(scope, Binary.Function.MULTIPLY));
    all.put("Div", scope -> binary(scope, Binary.Function.DIVIDE));
    all.put("Pow", ArithmeticOperators::power);
    all.put("Sum", ArithmeticOperators::sum);
    all.put("Mean", ArithmeticOperators::mean);
    all.put("Max", scope -> extreme(scope, Binary.Function.MAXIMUM));
    all.put("Min", scope -> extreme(scope, Binary.Function.MINIMUM));
  }

  private static void binary(Scope scope, Binary.Function function) {
    if (scope.opset() < 7 && scope.attributes().has("axis")) {
      throw new UnsupportedNode("with an axis, as operator set 6 has it: export for a newer one");
    }
    scope.give(binary(scope, "", function, 0, 1));
  }

  /** Of two inputs of the node, with constants folded into a convolution where that can be. */
  private static Running binary(
      Scope scope, String suffix, Binary.Function function, int first, int second) {
    boolean symmetric = function == Binary.Function.ADD || function == Binary.Function.MULTIPLY;
    if (symmetric && scope.tensor(first).isPresent() && scope.tensor(second).isEmpty()) {
      return binary(scope, suffix, function, second, first);
    }
    Optional<Tensor> operand = scope.tensor(second);
    if (operand.isPresent() && scope.tensor(first).isEmpty()) {
      Optional<Running> folded = folded(scope, function, scope.running(first), operand.get());
      if (folded.isPresent()) {
        return folded.get();
      }
    }
    return binary(scope, suffix, function, scope.running(first), scope.running(second));
  }

  private static Optional<Running> folded(
      Scope scope, Binary.Function function, Running value, Tensor operand) {
    int[] whole = Rules.broadcast(value.dimensions(), operand.dimensions());
    if (Tensor.elements(whole) != value.shape().elements()) {
      return Optional.empty();
    }
    Running result = value.withDimensions(whole);
    Optional<Shape> beside = Shapes.beside(operand.dimensions(), whole, value.shape());
    return beside.flatMap(
        shape ->
            switch (function) {
              case ADD -> ChannelFolding.fold(scope, result, operand, shape, true, false);
              case SUBTRACT -> ChannelFolding.fold(scope, result, operand, shape, true, true);
              case MULTIPLY -> ChannelFolding.fold(scope, result, operand, shape, false, false);
              case DIVIDE -> ChannelFolding.fold(scope, result, operand, shape, false, true);
              case POWER, MINIMUM, MAXIMUM, PRELU -> Optional.empty();
            });
  }

  /** What a function makes of two values. */
  static Running binary(
      Scope scope, String suffix, Binary.Function function, Running first, Running second) {
    int[] whole = Rules.broadcast(first.dimensions(), second.dimensions());
    Shape shape =
        Stream.of(first, second)
            .filter(value -> value.shape().elements() == Tensor.elements(whole))
            .map(Running::shape)
            .filter(candidate -> fits(first, whole, candidate) && fits(second, whole, candidate))
            .findFirst()
            .or(
                () ->
                    Optional.of(Shapes.natural(whole))
                        .filter(
                            natural -> fits(first, whole, natural) && fits(second, whole, natural)))
            .or(() -> Shapes.common(first.dimensions(), second.dimensions(), whole))
            .orElseThrow(() -> new UnsupportedNode("operands that need more than 4 dimensions"));
    return scope.apply(
        suffix,
        new Binary(function),
        whole,
        scope.view(first, Shapes.beside(first.dimensions(), whole, shape).orElseThrow()),
        scope.view(second, Shapes.beside(second.dimensions(), whole, shape).orElseThrow()));
  }

  private static boolean fits(Running value, int[] whole, Shape shape) {
    return Shapes.beside(value.dimensions(), whole, shape).isPresent();
  }

  /** The same with one number. */
  static Running binary(
      Scope scope, String suffix, Binary.Function function, Running value, float number) {
    return binary(scope, suffix, function, value, number(scope, suffix, number));
  }

  /** A number as a value of the graph. */
  static Running number(Scope scope, String suffix, float number) {
    return scope.constant(
        scope.name(suffix + ":number"),
        Tensor.of(new int[0], new float[] {number}),
        new Shape(1, 1, 1, 1));
  }

  private static void power(Scope scope) {
    Optional<Tensor> exponent = scope.tensor(1).filter(tensor -> tensor.size() == 1);
    if (exponent.isPresent() && exponent.get().rank() <= 1) {
      Running value = scope.running(0);
      double number = exponent.get().real(0);
      if (number == 1) {
        scope.give(value);
        return;
      }
      if (number == 2) {
        scope.give(binary(scope, "", Binary.Function.MULTIPLY, value, value));
        return;
      }
      if (number == 0.5) {
        scope.give(scope.map("", new SquareRoot(), value));
        return;
      }
    }
    binary(scope, Binary.Function.POWER);
  }

  private static void sum(Scope scope) {
    scope.give(sumOfAll(scope));
  }

  private static Running sumOfAll(Scope scope) {
    if (scope.inputCount() == 1) {
      return scope.running(0);
    }
    Running sum = binary(scope, "", Binary.Function.ADD, 0, 1);
    for (int i = 2; i < scope.inputCount(); i++) {
      sum = binary(scope, "", Binary.Function.ADD, sum, scope.running(i));
    }
    return sum;
  }

  private static void mean(Scope scope) {
    scope.give(
        binary(scope, "", Binary.Function.DIVIDE, sumOfAll(scope), (float) scope.inputCount()));
  }

  /** The smallest or the largest of all inputs; with one number it is an activation. */
  private static void extreme(Scope scope, Binary.Function function) {
    if (scope.inputCount() == 2) {
      int known = scope.tensor(0).isPresent() ? 0 : 1;
      Optional<Tensor> number = scope.tensor(known).filter(tensor -> tensor.size() == 1);
      Running value = scope.running(1 - known);
      if (number.isPresent() && number.get().rank() <= value.rank()) {
        Activation bounded = bounded(function, (float) number.get().real(0));
        scope.give(scope.map("", new Activate(bounded), value));
        return;
      }
    }
    Running result = scope.running(0);
    for (int i = 1; i < scope.inputCount(); i++) {
      result = binary(scope, "", function, result, scope.running(i));
    }
    scope.give(result);
  }

  private static Activation bounded(Binary.Function function, float bound) {
    if (function == Binary.Function.MINIMUM) {
      return new Activation.Clamp(Float.NEGATIVE_INFINITY, bound);
    }
    return bound == 0 ? Activation.RELU : new Activation.Clamp(bound, Float.POSITIVE_INFINITY);
  }
}
