package org.sepconv.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Layout;
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
        on(problem, smaller).map(from::with).ifPresent(result::add);
      }
    }
    if (problem.tensors().stream().map(TensorSpec::layout).distinct().count() > 1) {
      for (Layout layout : Layout.values()) {
        result.add(from.with(in(problem, layout)));
      }
    }
    for (DataKind plainer : DataKind.values()) {
      if (plainer.compareTo(from.data()) < 0) {
        result.add(new RandomOperation(problem, plainer, from.seed()));
      }
    }
    return result;
  }

  private static Problem in(Problem problem, Layout layout) {
    TensorSpec output = new TensorSpec(problem.destination().shape(), layout);
    return new Problem(
        problem.operation(),
        problem.inputs().stream().map(spec -> new TensorSpec(spec.shape(), layout)).toList(),
        List.of(output));
  }

  private static Optional<Problem> on(Problem problem, List<Shape> shapes) {
    List<TensorSpec> inputs =
        IntStream.range(0, shapes.size())
            .mapToObj(i -> problem.inputs().get(i).withShape(shapes.get(i)))
            .toList();
    try {
      return Optional.of(problem.withInputs(inputs));
    } catch (IllegalArgumentException _) {
      return Optional.empty(); // not a size for this operation
    }
  }
}
