package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Concat;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Operators that take tensors apart and put them together. */
final class PartOperators {
  private PartOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Concat", PartOperators::concat);
    all.put("Slice", PartOperators::slice);
    all.put("Split", PartOperators::split);
    all.put("Gather", PartOperators::gather);
  }

  private static void concat(Scope scope) {
    List<Running> values = new ArrayList<>();
    for (int i = 0; i < scope.inputCount(); i++) {
      if (scope.tensor(i).isEmpty() || scope.tensor(i).get().size() > 0) {
        values.add(scope.running(i));
      }
    }
    int axis = Rules.axis(scope.attributes().integer("axis", 1), values.getFirst().rank());
    scope.give(joined(scope, "", axis, values));
  }

  /** Several values one behind the other. */
  static Running joined(Scope scope, String suffix, int axis, List<Running> values) {
    Running longest =
        values.stream()
            .max(Comparator.comparingLong(value -> value.shape().elements()))
            .orElseThrow();
    Scope.Placed placed = scope.placed(longest, axis);
    Shape base = placed.value().shape();
    int[] dimensions = longest.dimensions();
    int length = 0;
    List<Running> seen = new ArrayList<>();
    for (Running value : values) {
      int[] own = value.dimensions();
      length = Math.addExact(length, own[axis]);
      own[axis] = dimensions[axis];
      if (!Arrays.equals(own, longest.dimensions())) {
        throw new OnnxException(
            "%s and %s are joined along dimension %d"
                .formatted(
                    Arrays.toString(longest.dimensions()),
                    Arrays.toString(value.dimensions()),
                    axis));
      }
      seen.add(scope.view(value, placed.axis().with(base, value.dimension(axis))));
    }
    dimensions[axis] = length;
    return scope.apply(
        suffix, new Concat(placed.axis(), seen.size()), dimensions, seen.toArray(Running[]::new));
  }

  private static void slice(Scope scope) {
    for (int i = 1; i < scope.inputCount(); i++) {
      scope.known(i, "the part");
    }
    Running value = scope.running(0);
    Running result = value;
    for (Rules.Part part : Rules.slices(scope.node(), scope.tensors(), value.dimensions())) {
      result = part(scope, "", result, part);
    }
    scope.give(result);
  }

  /** A part of a dimension. */
  static Running part(Scope scope, String suffix, Running value, Rules.Part part) {
    int size = value.dimension(part.axis());
    if (part.length() == 0) {
      throw new UnsupportedNode("of nothing");
    }
    if (part.start() == 0 && part.step() == 1 && part.length() == size) {
      return value;
    }
    if (part.step() < 0) {
      return ShapeOperators.picked(
          scope, value, part.axis(), part.length(), i -> part.start() + i * part.step());
    }
    Scope.Placed placed = scope.placed(value, part.axis());
    Axis axis = placed.axis();
    int end = part.start() + (part.length() - 1) * part.step() + 1;
    int[] dimensions = value.dimensions();
    dimensions[part.axis()] = part.length();
    return scope.apply(
        suffix, new Slice(axis, part.start(), end, part.step()), dimensions, placed.value());
  }

  private static void split(Scope scope) {
    scope.known(1, "the lengths");
    Running value = scope.running(0);
    int axis = Rules.axis(scope.attributes().integer("axis", 0), value.rank());
    int[] lengths = Rules.split(scope.node(), scope.tensors(), value.dimension(axis));
    int start = 0;
    for (int i = 0; i < lengths.length; i++) {
      String output = scope.node().outputs().get(i);
      if (!output.isEmpty()) {
        scope.give(
            i,
            part(scope, i == 0 ? "" : output, value, new Rules.Part(axis, start, 1, lengths[i])));
      }
      start += lengths[i];
    }
  }

  private static void gather(Scope scope) {
    Tensor indices = scope.constant(1, "the indices");
    Running value = scope.running(0);
    int axis = Rules.axis(scope.attributes().integer("axis", 0), value.rank());
    int size = value.dimension(axis);
    int[] positions =
        IntStream.range(0, indices.size()).map(i -> Rules.axis(indices.integer(i), size)).toArray();
    boolean neighbours =
        IntStream.range(0, positions.length).allMatch(i -> positions[i] == positions[0] + i);
    if (positions.length == 0) {
      throw new UnsupportedNode("of nothing");
    }
    Running result =
        neighbours
            ? part(scope, "", value, new Rules.Part(axis, positions[0], 1, positions.length))
            : ShapeOperators.picked(scope, value, axis, positions.length, i -> positions[i]);
    scope.give(result.withDimensions(Rules.gather(value.dimensions(), axis, indices.dimensions())));
  }
}
