package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sepconv.Axis;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

/** Makes an operation on large tensors one on small tensors; the operation stays as it is. */
final class OperationShrinker {

  private OperationShrinker() {}

  /**
   * The same operation on smaller inputs, on plainer numbers and layouts, the greatest steps first.
   */
  static List<RandomOperation> candidates(RandomOperation from) {
    List<RandomOperation> result = new ArrayList<>();
    Problem problem = from.problem();
    List<Shape> shapes = problem.inputs().stream().map(TensorSpec::shape).toList();
    for (Axis axis : Axis.values()) {
      int longest = shapes.stream().mapToInt(axis::size).max().orElseThrow();
      for (int length = 1;
          length < longest;
          length = length < longest / 2 ? longest / 2 : length + 1) {
        int shorter = length;
        // Inputs as long as the longest stay as long as one another, or are repeated along it.
        List<Shape> smaller =
            shapes.stream()
                .map(shape -> axis.size(shape) == longest ? axis.with(shape, shorter) : shape)
                .toList();
        on(problem, smaller)
            .map(changed -> new RandomOperation(changed, from.data(), from.seed()))
            .ifPresent(result::add);
      }
    }
    for (Layout layout : Layout.values()) {
      List<TensorSpec> inputs =
          problem.inputs().stream().map(spec -> new TensorSpec(spec.shape(), layout)).toList();
      Problem plainer =
          new Problem(
              problem.operation(),
              inputs,
              List.of(new TensorSpec(problem.destination().shape(), layout)));
      boolean mixed =
          problem.inputs().stream()
              .anyMatch(spec -> spec.layout() != problem.destination().layout());
      if (mixed) {
        result.add(new RandomOperation(plainer, from.data(), from.seed()));
      }
    }
    for (DataKind plainer : DataKind.values()) {
      if (plainer.compareTo(from.data()) < 0) {
        result.add(new RandomOperation(problem, plainer, from.seed()));
      }
    }
    return result;
  }

  private static Optional<Problem> on(Problem problem, List<Shape> shapes) {
    Operation operation = problem.operation();
    try {
      List<TensorSpec> inputs = new ArrayList<>();
      for (int i = 0; i < shapes.size(); i++) {
        inputs.add(new TensorSpec(shapes.get(i), problem.inputs().get(i).layout()));
      }
      Shape output = operation.outputShapes(shapes).getFirst();
      return Optional.of(
          new Problem(
              operation, inputs, List.of(new TensorSpec(output, problem.destination().layout()))));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // not a size for this operation
    }
  }
}
