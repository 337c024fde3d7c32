package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Binary;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.Unary;
import org.sepconv.onnx.constant.Rules;

/** Reductions over dimensions, and softmax. */
final class ReductionOperators {
  private ReductionOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("ReduceMean", scope -> reduce(scope, Reduce.Function.MEAN));
    all.put("ReduceSum", scope -> reduce(scope, Reduce.Function.SUM));
    all.put("ReduceMax", scope -> reduce(scope, Reduce.Function.MAX));
    all.put("ReduceMin", ReductionOperators::minimum);
    all.put("ReduceSumSquare", scope -> scope.give(sumOfSquares(scope)));
    all.put("ReduceL2", scope -> scope.give(scope.map("", new SquareRoot(), sumOfSquares(scope))));
    all.put("ReduceL1", ReductionOperators::sumOfSizes);
    all.put("ReduceLogSum", ReductionOperators::logarithmOfSum);
    all.put("Softmax", scope -> scope.give(softmax(scope, "")));
    all.put("LogSoftmax", ReductionOperators::logSoftmax);
  }

  private static void reduce(Scope scope, Reduce.Function function) {
    scope.give(reduced(scope, "", scope.running(0), function));
  }

  private static void minimum(Scope scope) {
    Running negative =
        ArithmeticOperators.binary(
            scope, "negative", Binary.Function.MULTIPLY, scope.running(0), -1);
    Running most = reduced(scope, "most", negative, Reduce.Function.MAX);
    scope.give(ArithmeticOperators.binary(scope, "", Binary.Function.MULTIPLY, most, -1));
  }

  private static Running sumOfSquares(Scope scope) {
    Running value = scope.running(0);
    Running square =
        ArithmeticOperators.binary(scope, "square", Binary.Function.MULTIPLY, value, value);
    return reduced(scope, "sum", square, Reduce.Function.SUM);
  }

  private static void sumOfSizes(Scope scope) {
    Running sizes = scope.map("sizes", new Unary(Unary.Function.ABSOLUTE), scope.running(0));
    scope.give(reduced(scope, "", sizes, Reduce.Function.SUM));
  }

  private static void logarithmOfSum(Scope scope) {
    Running sum = reduced(scope, "sum", scope.running(0), Reduce.Function.SUM);
    scope.give(scope.map("", new Unary(Unary.Function.LOGARITHM), sum));
  }

  /** Over the axes that the node names, which are kept or not as it says. */
  private static Running reduced(
      Scope scope, String suffix, Running value, Reduce.Function function) {
    Optional<int[]> named =
        scope.has(1)
            ? Optional.of(scope.constant(1, "the axes").ints())
            : Rules.axes(scope.node(), List.of(), 1);
    int[] axes =
        named
            .filter(list -> list.length > 0)
            .orElseGet(
                () ->
                    scope.attributes().flag("noop_with_empty_axes")
                        ? new int[0]
                        : IntStream.range(0, value.rank()).toArray());
    axes = Arrays.stream(axes).map(axis -> Rules.axis(axis, value.rank())).toArray();
    Running result = over(scope, suffix, value, function, axes);
    if (scope.attributes().integer("keepdims", 1) != 0) {
      return result;
    }
    return result.withDimensions(Rules.squeeze(result.dimensions(), Optional.of(axes)));
  }

  /** Over these axes, which are 1 long afterwards. */
  static Running over(
      Scope scope, String suffix, Running value, Reduce.Function function, int... axes) {
    List<Integer> left = new ArrayList<>();
    for (int axis : axes) {
      if (value.dimension(axis) > 1) {
        left.add(axis);
      }
    }
    Running result = value;
    while (!left.isEmpty()) {
      // All at once where they are dimensions of one shape; else one after the other.
      Running seen =
          placesOf(result, left).isPresent() || result.rank() > 4
              ? result
              : scope.view(result, Shapes.natural(result.dimensions()));
      Optional<Set<Axis>> together = placesOf(seen, left);
      int[] dimensions = seen.dimensions();
      if (together.isPresent()) {
        left.forEach(axis -> dimensions[axis] = 1);
        return scope.apply(suffix, new Reduce(function, together.get()), dimensions, seen);
      }
      int axis = left.removeLast();
      Scope.Placed placed = scope.placed(seen, axis);
      dimensions[axis] = 1;
      result =
          scope.apply(
              suffix, new Reduce(function, Set.of(placed.axis())), dimensions, placed.value());
    }
    return result;
  }

  private static Optional<Set<Axis>> placesOf(Running value, List<Integer> axes) {
    Set<Axis> places = EnumSet.noneOf(Axis.class);
    for (int axis : axes) {
      Optional<Axis> place = value.place(axis);
      if (place.isEmpty()) {
        return Optional.empty();
      }
      places.add(place.get());
    }
    return Optional.of(places);
  }

  /** A value in a shape of which softmax takes one dimension. */
  private static Scope.Placed shares(Scope scope) {
    Running value = scope.running(0);
    boolean flattening = scope.opset() < 13;
    long given = scope.attributes().integer("axis", flattening ? 1 : -1);
    int axis = given == value.rank() ? value.rank() : Rules.axis(given, value.rank());
    int last = axis;
    int longer = 0;
    for (int i = axis; i < value.rank(); i++) {
      if (value.dimension(i) > 1) {
        last = i;
        longer++;
      }
    }
    if (flattening && (longer > 1 || axis == value.rank())) {
      // Older operator sets take all dimensions from the axis on as one.
      int[] rows = Rules.flatten(value.dimensions(), axis);
      return new Scope.Placed(scope.view(value, new Shape(1, 1, rows[0], rows[1])), Axis.WIDTH);
    }
    return scope.placed(value, flattening ? last : axis);
  }

  private static Running softmax(Scope scope, String suffix) {
    Scope.Placed placed = shares(scope);
    return scope.map(suffix, new Softmax(placed.axis()), placed.value());
  }

  /** {@code x - max - log(sum of exp(x - max))}: no share is so small that it is lost. */
  private static void logSoftmax(Scope scope) {
    Scope.Placed placed = shares(scope);
    Set<Axis> axes = Set.of(placed.axis());
    Running value = placed.value();
    // In the four dimensions of the shape, whatever those of ONNX are.
    Running x = value.withDimensions(Shapes.sizes(value.shape()));
    int[] one = Shapes.sizes(placed.axis().with(value.shape(), 1));
    Running most = scope.apply("max", new Reduce(Reduce.Function.MAX, axes), one, x);
    Running less = ArithmeticOperators.binary(scope, "less", Binary.Function.SUBTRACT, x, most);
    Running exp = scope.map("exp", new Unary(Unary.Function.EXPONENTIAL), less);
    Running sum = scope.apply("sum", new Reduce(Reduce.Function.SUM, axes), one, exp);
    Running log = scope.map("log", new Unary(Unary.Function.LOGARITHM), sum);
    scope.give(
        ArithmeticOperators.binary(scope, "", Binary.Function.SUBTRACT, less, log)
            .withDimensions(value.dimensions()));
  }
}
