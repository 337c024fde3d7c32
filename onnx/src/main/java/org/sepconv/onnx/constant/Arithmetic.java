package org.sepconv.onnx.constant;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Operators that compute value by value: real numbers in float64, rounded to float32. */
final class Arithmetic {
  private Arithmetic() {}

  /** Nothing where it is another operator. */
  static Optional<Tensor> evaluate(Node node, List<Tensor> inputs, Budget budget) {
    if (inputs.isEmpty() || inputs.getFirst() == null) {
      return Optional.empty();
    }
    Tensor first = inputs.getFirst();
    Optional<Tensor> ofOne = one(node, first, budget);
    if (ofOne.isPresent() || inputs.size() < 2 || inputs.contains(null)) {
      return ofOne;
    }
    return switch (node.operator()) {
      case "Sum" -> all(inputs, budget, Double::sum, Long::sum);
      case "Max" -> all(inputs, budget, Math::max, Math::max);
      case "Min" -> all(inputs, budget, Math::min, Math::min);
      case "Where" -> Optional.of(where(inputs, budget));
      default -> two(node, first, inputs.get(1), budget);
    };
  }

  private static Optional<Tensor> one(Node node, Tensor value, Budget budget) {
    DoubleUnaryOperator function =
        switch (node.operator()) {
          case "Neg" -> x -> -x;
          case "Abs" -> Math::abs;
          case "Floor" -> Math::floor;
          case "Ceil" -> Math::ceil;
          case "Round" -> Math::rint;
          case "Sqrt" -> Math::sqrt;
          case "Exp" -> Math::exp;
          case "Log" -> Math::log;
          case "Sin" -> Math::sin;
          case "Cos" -> Math::cos;
          case "Sign" -> Math::signum;
          case "Reciprocal" -> x -> 1 / x;
          case "Relu" -> x -> Math.max(x, 0);
          case "Sigmoid" -> x -> 1 / (1 + Math.exp(-x));
          case "Tanh" -> Math::tanh;
          case "Not" -> x -> x == 0 ? 1 : 0;
          default -> null;
        };
    if (function == null) {
      return Optional.empty();
    }
    int size = budget.take(value.dimensions());
    if (value.isReal()) {
      float[] results = new float[size];
      for (int i = 0; i < size; i++) {
        results[i] = (float) function.applyAsDouble(value.real(i));
      }
      return Optional.of(Tensor.of(value.dimensions(), results));
    }
    LongUnaryOperator whole = x -> (long) function.applyAsDouble(x);
    long[] results = new long[size];
    for (int i = 0; i < size; i++) {
      results[i] = whole.applyAsLong(value.integer(i));
    }
    return Optional.of(Tensor.of(value.dimensions(), results));
  }

  private static Optional<Tensor> two(Node node, Tensor first, Tensor second, Budget budget) {
    return Optional.ofNullable(
        switch (node.operator()) {
          case "Add" -> combined(first, second, budget, Double::sum, Long::sum);
          case "Sub" -> combined(first, second, budget, (x, y) -> x - y, (x, y) -> x - y);
          case "Mul" -> combined(first, second, budget, (x, y) -> x * y, (x, y) -> x * y);
          case "Div" -> combined(first, second, budget, (x, y) -> x / y, Arithmetic::quotient);
          case "Mod" ->
              combined(first, second, budget, (x, y) -> x % y, (x, y) -> modulo(node, x, y));
          case "Pow" -> combined(first, second, budget, Math::pow, (x, y) -> (long) Math.pow(x, y));
          case "And" -> compared(first, second, budget, (x, y) -> x != 0 && y != 0 ? 1 : 0);
          case "Or" -> compared(first, second, budget, (x, y) -> x != 0 || y != 0 ? 1 : 0);
          case "Xor" -> compared(first, second, budget, (x, y) -> x != 0 ^ y != 0 ? 1 : 0);
          case "Equal" -> compared(first, second, budget, (x, y) -> x == y ? 1 : 0);
          case "Less" -> compared(first, second, budget, (x, y) -> x < y ? 1 : 0);
          case "LessOrEqual" -> compared(first, second, budget, (x, y) -> x <= y ? 1 : 0);
          case "Greater" -> compared(first, second, budget, (x, y) -> x > y ? 1 : 0);
          case "GreaterOrEqual" -> compared(first, second, budget, (x, y) -> x >= y ? 1 : 0);
          default -> null;
        });
  }

  private static long quotient(long first, long second) {
    if (second == 0) {
      throw new OnnxException("a whole number is divided by 0");
    }
    return first / second;
  }

  private static long modulo(Node node, long first, long second) {
    if (second == 0) {
      throw new OnnxException("a whole number is divided by 0");
    }
    return node.attributes().flag("fmod") ? first % second : Math.floorMod(first, second);
  }

  private static Optional<Tensor> all(
      List<Tensor> inputs, Budget budget, DoubleBinaryOperator real, LongBinaryOperator whole) {
    return inputs.stream().reduce((a, b) -> combined(a, b, budget, real, whole));
  }

  private static Tensor combined(
      Tensor first,
      Tensor second,
      Budget budget,
      DoubleBinaryOperator real,
      LongBinaryOperator whole) {
    int[] dimensions = Rules.broadcast(first.dimensions(), second.dimensions());
    Tensor one = Moves.expand(first, dimensions, budget);
    Tensor other = Moves.expand(second, dimensions, budget);
    int size = budget.take(dimensions);
    if (first.isReal() || second.isReal()) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) real.applyAsDouble(one.real(i), other.real(i));
      }
      return Tensor.of(dimensions, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = whole.applyAsLong(one.integer(i), other.integer(i));
    }
    return Tensor.of(dimensions, values);
  }

  private static Tensor compared(
      Tensor first, Tensor second, Budget budget, DoubleBinaryOperator function) {
    Tensor answers =
        combined(first, second, budget, function, (x, y) -> (long) function.applyAsDouble(x, y));
    return Tensor.of(answers.dimensions(), answers.integers());
  }

  private static Tensor where(List<Tensor> inputs, Budget budget) {
    Tensor yes = inputs.get(1);
    Tensor no = inputs.get(2);
    int[] dimensions =
        Rules.broadcast(
            inputs.get(0).dimensions(), Rules.broadcast(yes.dimensions(), no.dimensions()));
    Tensor condition = Moves.expand(inputs.get(0), dimensions, budget);
    yes = Moves.expand(yes, dimensions, budget);
    no = Moves.expand(no, dimensions, budget);
    int size = budget.take(dimensions);
    if (yes.isReal()) {
      float[] values = new float[size];
      for (int i = 0; i < size; i++) {
        values[i] = (float) (condition.integer(i) != 0 ? yes : no).real(i);
      }
      return Tensor.of(dimensions, values);
    }
    long[] values = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = (condition.integer(i) != 0 ? yes : no).integer(i);
    }
    return Tensor.of(dimensions, values);
  }
}
