package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Shape;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** Padding of any dimension. */
final class PadOperators {
  private PadOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Pad", PadOperators::pad);
  }

  private static void pad(Scope scope) {
    Running value = scope.running(0);
    int rank = value.rank();
    int[] before = new int[rank];
    int[] after = new int[rank];
    readPads(scope, rank, before, after);
    Running result = value;
    for (int axis = 0; axis < rank; axis++) {
      int from = Math.max(0, -before[axis]);
      int to = value.dimension(axis) - Math.max(0, -after[axis]);
      result =
          PartOperators.part(
              scope, "cut", result, new Rules.Part(axis, from, 1, Math.max(0, to - from)));
      before[axis] = Math.max(0, before[axis]);
      after[axis] = Math.max(0, after[axis]);
    }
    String mode = scope.attributes().text("mode", "constant");
    scope.give(
        switch (mode) {
          case "constant" -> constant(scope, result, before, after);
          case "reflect", "edge", "wrap" -> copied(scope, mode, result, before, after);
          default -> throw new OnnxException("mode is '%s'".formatted(mode));
        });
  }

  private static void readPads(Scope scope, int rank, int[] before, int[] after) {
    int[] pads =
        scope.has(1)
            ? scope.constant(1, "the padding").ints()
            : scope
                .attributes()
                .ints("pads")
                .orElseThrow(() -> new OnnxException("pads are left out"));
    int[] axes =
        scope
            .known(3, "the axes")
            .map(Tensor::ints)
            .orElseGet(() -> IntStream.range(0, rank).toArray());
    if (pads.length != 2 * axes.length) {
      throw new OnnxException("pads has %d values".formatted(pads.length));
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = Rules.axis(axes[i], rank);
      before[axis] = pads[i];
      after[axis] = pads[axes.length + i];
    }
  }

  private static Running constant(Scope scope, Running value, int[] before, int[] after) {
    float fill =
        scope
            .known(2, "the value")
            .map(tensor -> tensor.size() == 0 ? 0f : (float) tensor.real(0))
            .orElseGet(() -> scope.attributes().real("value", 0));
    Optional<Running> image = image(scope, value, before, after, Pad.Mode.CONSTANT, fill);
    if (image.isPresent()) {
      return image.get();
    }
    Running result = value;
    for (int axis = 0; axis < value.rank(); axis++) {
      if (before[axis] + after[axis] > 0) {
        result = constant(scope, result, axis, before[axis], after[axis], fill);
      }
    }
    return result;
  }

  private static Running constant(
      Scope scope, Running value, int axis, int before, int after, float fill) {
    int[] dimensions = value.dimensions();
    int outer = Tensor.elements(Arrays.copyOf(dimensions, axis));
    int inner = Tensor.elements(Arrays.copyOfRange(dimensions, axis + 1, dimensions.length));
    Running rows = scope.view(value, new Shape(1, outer, dimensions[axis], inner));
    dimensions[axis] += before + after;
    return scope.apply(
        "padded",
        new Pad(new Padding.Explicit(before, 0, after, 0), Pad.Mode.CONSTANT, fill),
        dimensions,
        rows);
  }

  /** Rows and columns around an image, where nothing else is padded. */
  private static Optional<Running> image(
      Scope scope, Running value, int[] before, int[] after, Pad.Mode mode, float fill) {
    int rank = value.rank();
    if (rank < 2
        || rank > 4
        || IntStream.range(0, rank - 2).anyMatch(i -> before[i] + after[i] > 0)) {
      return Optional.empty();
    }
    boolean asItIs =
        value.place(rank - 1).equals(Optional.of(Axis.WIDTH))
            && value.place(rank - 2).equals(Optional.of(Axis.HEIGHT));
    Running seen = asItIs ? value : scope.view(value, Shapes.natural(value.dimensions()));
    Padding.Explicit sides =
        new Padding.Explicit(before[rank - 2], before[rank - 1], after[rank - 2], after[rank - 1]);
    int[] dimensions = value.dimensions();
    dimensions[rank - 2] += before[rank - 2] + after[rank - 2];
    dimensions[rank - 1] += before[rank - 1] + after[rank - 1];
    return Optional.of(scope.apply("", new Pad(sides, mode, fill), dimensions, seen));
  }

  /** What is there already is repeated. */
  private static Running copied(
      Scope scope, String mode, Running value, int[] before, int[] after) {
    if (mode.equals("reflect")
        && IntStream.range(0, value.rank())
            .allMatch(i -> Math.max(before[i], after[i]) < value.dimension(i))) {
      Optional<Running> image = image(scope, value, before, after, Pad.Mode.REFLECT, 0);
      if (image.isPresent()) {
        return image.get();
      }
    }
    Running result = value;
    for (int axis = 0; axis < value.rank(); axis++) {
      int first = before[axis];
      int size = value.dimension(axis);
      int length = Math.addExact(size, Math.addExact(first, after[axis]));
      if (length > size) {
        result =
            ShapeOperators.picked(
                scope, result, axis, length, place -> position(mode, place - first, size));
      }
    }
    return result;
  }

  private static int position(String mode, int place, int size) {
    return switch (mode) {
      case "edge" -> Math.clamp(place, 0, size - 1);
      case "wrap" -> Math.floorMod(place, size);
      default -> {
        int period = Math.max(1, 2 * (size - 1));
        int folded = Math.floorMod(place, period);
        yield folded < size ? folded : period - folded;
      }
    };
  }
}
