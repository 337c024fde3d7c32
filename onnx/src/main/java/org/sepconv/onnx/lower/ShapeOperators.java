package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Rearrangement;
import org.sepconv.Shape;
import org.sepconv.SpaceToDepth;
import org.sepconv.onnx.constant.Evaluator;
import org.sepconv.onnx.constant.Rules;
import org.sepconv.onnx.model.OnnxException;

/** Operators that give the dimensions other lengths, names or places. */
final class ShapeOperators {
  /** How many values a position in a list takes the memory of. */
  private static final int BOXED = 8;

  private ShapeOperators() {}

  static void addTo(Map<String, Operators.Operator> all) {
    all.put("Reshape", ShapeOperators::reshape);
    all.put("Flatten", ShapeOperators::flatten);
    all.put("Squeeze", ShapeOperators::squeeze);
    all.put("Unsqueeze", ShapeOperators::unsqueeze);
    all.put("Transpose", ShapeOperators::transpose);
    all.put("Expand", ShapeOperators::expand);
    all.put("Tile", ShapeOperators::tile);
    all.put("DepthToSpace", ShapeOperators::depthToSpace);
    all.put("SpaceToDepth", ShapeOperators::spaceToDepth);
  }

  private static void reshape(Scope scope) {
    Running value = scope.running(0);
    int[] wanted = scope.constant(1, "the shape").ints();
    boolean zeroIsZero = scope.attributes().flag("allowzero");
    scope.give(value.withDimensions(Rules.reshape(value.dimensions(), wanted, zeroIsZero)));
  }

  private static void flatten(Scope scope) {
    Running value = scope.running(0);
    long axis = scope.attributes().integer("axis", 1);
    scope.give(value.withDimensions(Rules.flatten(value.dimensions(), axis)));
  }

  private static void squeeze(Scope scope) {
    Running value = scope.running(0);
    scope.give(value.withDimensions(Rules.squeeze(value.dimensions(), axes(scope))));
  }

  private static void unsqueeze(Scope scope) {
    Running value = scope.running(0);
    int[] axes = axes(scope).orElseThrow(() -> new OnnxException("axes are left out"));
    scope.give(value.withDimensions(Rules.unsqueeze(value.dimensions(), axes)));
  }

  private static Optional<int[]> axes(Scope scope) {
    return scope.has(1)
        ? Optional.of(scope.constant(1, "the axes").ints())
        : scope.attributes().ints("axes");
  }

  private static void transpose(Scope scope) {
    Running value = scope.running(0);
    scope.give(transposed(scope, "", value, Evaluator.order(scope.attributes(), value.rank())));
  }

  /** The dimensions in another order. */
  static Running transposed(Scope scope, String suffix, Running value, int... order) {
    int[] dimensions = new int[order.length];
    List<Integer> longer = new ArrayList<>();
    for (int i = 0; i < order.length; i++) {
      int axis = Rules.axis(order[i], value.rank());
      dimensions[i] = value.dimension(axis);
      if (dimensions[i] > 1) {
        longer.add(axis);
      }
    }
    if (IntStream.range(1, longer.size()).allMatch(i -> longer.get(i - 1) < longer.get(i))) {
      return value.withDimensions(dimensions); // only dimensions of length 1 move
    }
    if (order.length <= 4) {
      Optional<Running> direct = direct(scope, suffix, value, order, dimensions);
      return direct.isPresent()
          ? direct.get()
          : direct(
                  scope,
                  suffix,
                  scope.view(value, Shapes.natural(value.dimensions())),
                  order,
                  dimensions)
              .orElseThrow();
    }
    return merged(scope, suffix, value, longer, dimensions);
  }

  /** From where the dimensions are in the shape to where they are by nature. */
  private static Optional<Running> direct(
      Scope scope, String suffix, Running value, int[] order, int[] dimensions) {
    Axis[] sources = new Axis[4];
    List<Axis> left = new ArrayList<>(List.of(Axis.values()));
    for (int i = 0; i < order.length; i++) {
      if (dimensions[i] > 1) {
        Optional<Axis> place = value.place(Rules.axis(order[i], value.rank()));
        if (place.isEmpty()) {
          return Optional.empty();
        }
        sources[4 - order.length + i] = place.get();
        left.remove(place.get());
      }
    }
    for (int i = 0; i < 4; i++) {
      if (sources[i] == null) {
        sources[i] = left.removeFirst();
      }
    }
    String name =
        scope.draft().transposed(scope.name(suffix), value.node(), Arrays.asList(sources));
    return Optional.of(
        new Running(name, Shapes.natural(dimensions), dimensions, !name.equals(value.node())));
  }

  /**
   * Of any rank: what stays side by side is one dimension; where more than four are left, two
   * neighbouring blocks change places at a time.
   *
   * @param longer the dimensions of the input that are longer than 1, in their new order
   */
  private static Running merged(
      Scope scope, String suffix, Running value, List<Integer> longer, int[] dimensions) {
    List<Integer> sorted = longer.stream().sorted().toList();
    List<Integer> wanted = new ArrayList<>(); // places of blocks in the input
    for (int i = 0; i < longer.size(); i++) {
      int place = sorted.indexOf(longer.get(i));
      if (i == 0 || sorted.indexOf(longer.get(i - 1)) + 1 != place) {
        wanted.add(place);
      }
    }
    List<Integer> begins = wanted.stream().sorted().toList();
    int[] sizes = new int[begins.size()];
    for (int i = 0; i < sizes.length; i++) {
      int end = i + 1 < sizes.length ? begins.get(i + 1) : sorted.size();
      sizes[i] = 1;
      for (int j = begins.get(i); j < end; j++) {
        sizes[i] *= value.dimension(sorted.get(j));
      }
    }
    List<Integer> now = new ArrayList<>(IntStream.range(0, sizes.length).boxed().toList());
    List<Integer> target = wanted.stream().map(begins::indexOf).toList();
    Running result = value;
    for (int i = 0; i < now.size(); i++) {
      int from = now.indexOf(target.get(i));
      if (from == i) {
        continue;
      }
      Shape shape =
          new Shape(
              product(now.subList(0, i), sizes),
              product(now.subList(i, from), sizes),
              sizes[now.get(from)],
              product(now.subList(from + 1, now.size()), sizes));
      Running seen = scope.view(result, shape);
      String name =
          scope
              .draft()
              .transposed(
                  scope.name(suffix),
                  seen.node(),
                  List.of(Axis.BATCH, Axis.HEIGHT, Axis.CHANNEL, Axis.WIDTH));
      result = new Running(name, scope.draft().shape(name), dimensions, true);
      Collections.rotate(now.subList(i, from + 1), 1);
    }
    return result;
  }

  private static int product(List<Integer> blocks, int[] sizes) {
    return blocks.stream().mapToInt(block -> sizes[block]).reduce(1, Math::multiplyExact);
  }

  private static void expand(Scope scope) {
    Running value = scope.running(0);
    int[] wanted = Rules.broadcast(value.dimensions(), scope.constant(1, "the shape").ints());
    int[] padded = new int[wanted.length];
    Arrays.fill(padded, 1);
    System.arraycopy(value.dimensions(), 0, padded, wanted.length - value.rank(), value.rank());
    Running result = value.withDimensions(padded);
    for (int axis = 0; axis < wanted.length; axis++) {
      if (padded[axis] != wanted[axis]) {
        result = picked(scope, result, axis, wanted[axis], _ -> 0);
      }
    }
    scope.give(result);
  }

  private static void tile(Scope scope) {
    Running value = scope.running(0);
    int[] repeats = scope.constant(1, "the repeats").ints();
    if (repeats.length != value.rank()) {
      throw new OnnxException("%d repeats".formatted(repeats.length));
    }
    Running result = value;
    for (int axis = 0; axis < repeats.length; axis++) {
      if (repeats[axis] != 1) {
        int size = value.dimension(axis);
        int length = Math.multiplyExact(size, repeats[axis]);
        result = picked(scope, result, axis, length, i -> i % size);
      }
    }
    scope.give(result);
  }

  /** So many positions of a dimension. */
  static Running picked(
      Scope scope, Running value, int axis, int count, IntUnaryOperator position) {
    scope.budget().take(BOXED * (long) count);
    List<Integer> positions = IntStream.range(0, count).map(position).boxed().toList();
    Scope.Placed placed = scope.placed(value, axis);
    int[] dimensions = value.dimensions();
    dimensions[axis] = count;
    return scope.apply("picked", new Gather(placed.axis(), positions), dimensions, placed.value());
  }

  private static void depthToSpace(Scope scope) {
    String mode = scope.attributes().text("mode", "DCR");
    DepthToSpace.Order order =
        mode.equals("CRD")
            ? DepthToSpace.Order.COLUMN_ROW_DEPTH
            : DepthToSpace.Order.DEPTH_COLUMN_ROW;
    image(scope, new DepthToSpace(blockSize(scope), order));
  }

  private static void spaceToDepth(Scope scope) {
    image(scope, new SpaceToDepth(blockSize(scope)));
  }

  private static void image(Scope scope, Rearrangement moving) {
    Running value = scope.running(0);
    if (value.rank() != 4) {
      throw new OnnxException("an input of " + Arrays.toString(value.dimensions()));
    }
    Running image = scope.view(value, Shapes.image(value.dimensions()));
    Shape output = moving.outputShapes(List.of(image.shape())).getFirst();
    scope.give(scope.apply("", moving, ConvolutionOperators.dimensions(output, 4), image));
  }

  private static int blockSize(Scope scope) {
    return Math.clamp(scope.attributes().integer("blocksize", 0), 0, Shape.MAX_ELEMENTS);
  }
}
