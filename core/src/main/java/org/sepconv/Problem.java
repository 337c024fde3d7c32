package org.sepconv;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What is asked of a backend: an operation on tensors of these looks. The one key of support, cost,
 * prediction, selection, caches, cases of tests and rows of benchmarks.
 *
 * @param inputs of the operation, in its order: of a convolution the source, then the residual
 * @param outputs of the shapes that the operation gives for these inputs
 */
public record Problem(Operation operation, List<TensorSpec> inputs, List<TensorSpec> outputs) {
  public Problem {
    Objects.requireNonNull(operation, "operation");
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    List<Shape> given = shapes(outputs);
    List<Shape> due = operation.outputShapes(shapes(inputs));
    if (!given.equals(due)) {
      throw new IllegalArgumentException(
          "%s gives %s for these inputs, not %s".formatted(operation, due, given));
    }
    if (operation instanceof Convolution convolution
        && convolution.residual()
        && !inputs.get(Convolution.RESIDUAL).equals(outputs.getFirst())) {
      throw new IllegalArgumentException(
          "the residual of %s is %s, but must be as the output, %s"
              .formatted(operation, inputs.get(Convolution.RESIDUAL), outputs.getFirst()));
    }
  }

  /**
   * An operation whose tensors all have the layout and the type of {@code source}.
   *
   * @throws IllegalArgumentException if the operation cannot take such an input
   */
  public static Problem of(Convolution convolution, TensorSpec source) {
    return of(convolution, source, source.layout());
  }

  /**
   * A convolution whose output, and residual if it adds one, have another layout than its source.
   *
   * @throws IllegalArgumentException if the convolution cannot take such an input
   */
  public static Problem of(Convolution convolution, TensorSpec source, Layout destination) {
    TensorSpec output =
        source.withShape(convolution.outputShape(source.shape())).withLayout(destination);
    return new Problem(
        convolution,
        convolution.residual() ? List.of(source, output) : List.of(source),
        List.of(output));
  }

  /**
   * An operation whose outputs have the layout and the type of its first input.
   *
   * @throws IllegalArgumentException if the operation cannot take these inputs
   */
  public static Problem of(Operation operation, List<TensorSpec> inputs) {
    List<TensorSpec> outputs = new ArrayList<>();
    for (Shape shape : operation.outputShapes(shapes(inputs))) {
      outputs.add(inputs.getFirst().withShape(shape));
    }
    return new Problem(operation, inputs, outputs);
  }

  /**
   * The operation, for those who know no others.
   *
   * @throws IllegalArgumentException if it is no convolution
   */
  public Convolution convolution() {
    if (operation instanceof Convolution convolution) {
      return convolution;
    }
    throw new IllegalArgumentException("only for a convolution, not for " + operation);
  }

  /** The first input. */
  public TensorSpec source() {
    return inputs.getFirst();
  }

  /** The first output. */
  public TensorSpec destination() {
    return outputs.getFirst();
  }

  /**
   * Whether the output may take the place of this input: it looks the same, and the operation
   * {@linkplain Operation#mayReplace allows it}.
   */
  public boolean mayReplace(int input) {
    return operation.mayReplace(input) && inputs.get(input).equals(outputs.getFirst());
  }

  /** Inputs, then outputs. */
  public List<TensorSpec> tensors() {
    List<TensorSpec> all = new ArrayList<>(inputs);
    all.addAll(outputs);
    return all;
  }

  /**
   * The same operation on a source of another batch or size; layouts and types of the outputs stay
   * as they are. A residual is as large as it must be; of any other input, dimensions that were as
   * long as the source's are so again.
   *
   * @throws IllegalArgumentException if the operation cannot take such an input
   */
  public Problem withSource(TensorSpec source) {
    List<TensorSpec> taken = new ArrayList<>(List.of(source));
    for (int i = 1; i < inputs.size(); i++) {
      Shape shape =
          operation instanceof Convolution convolution
              ? convolution.outputShape(source.shape())
              : following(inputs.get(i).shape(), source.shape());
      taken.add(inputs.get(i).withShape(shape));
    }
    return withInputs(taken);
  }

  /**
   * The same operation on other inputs; layouts and types of the outputs stay as they are.
   *
   * @throws IllegalArgumentException if the operation cannot take such inputs
   */
  public Problem withInputs(List<TensorSpec> others) {
    List<Shape> given = operation.outputShapes(shapes(others));
    List<TensorSpec> filled = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      filled.add(outputs.get(i).withShape(given.get(i)));
    }
    return new Problem(operation, others, filled);
  }

  private Shape following(Shape shape, Shape source) {
    Shape followed = shape;
    for (Axis axis : Axis.values()) {
      if (axis.size(shape) == axis.size(source().shape())) {
        followed = axis.with(followed, axis.size(source));
      }
    }
    return followed;
  }

  /** The shapes of such tensors, in their order. */
  public static List<Shape> shapes(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::shape).toList();
  }

  /** {@code pointwise 1x1 32->64 on NCHW 1x32x56x56 -> NCHW 1x64x56x56}. */
  @Override
  public String toString() {
    return "%s on %s -> %s".formatted(operation, text(inputs), text(outputs));
  }

  private static String text(List<TensorSpec> specs) {
    return String.join(" and ", specs.stream().map(TensorSpec::toString).toList());
  }
}
