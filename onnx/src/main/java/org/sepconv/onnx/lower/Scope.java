package org.sepconv.onnx.lower;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sepconv.Axis;
import org.sepconv.Operation;
import org.sepconv.Shape;
import org.sepconv.Weights;
import org.sepconv.onnx.constant.Budget;
import org.sepconv.onnx.model.Attributes;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/** One node while it is lowered: what it takes, and where what it gives goes. */
final class Scope {
  /** A value in a shape in which one of its dimensions is one of the shape's. */
  record Placed(Running value, Axis axis) {}

  private final Node node;
  private final int opset;
  private final List<Optional<Value>> inputs;
  private final GraphDraft draft;
  private final WeightCache cache;
  private final Budget budget;
  private final Value[] outputs;

  Scope(
      Node node,
      int opset,
      List<Optional<Value>> inputs,
      GraphDraft draft,
      WeightCache cache,
      Budget budget) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.draft = draft;
    this.cache = cache;
    this.budget = budget;
    this.outputs = new Value[node.outputs().size()];
  }

  Node node() {
    return node;
  }

  Attributes attributes() {
    return node.attributes();
  }

  int opset() {
    return opset;
  }

  GraphDraft draft() {
    return draft;
  }

  WeightCache cache() {
    return cache;
  }

  Budget budget() {
    return budget;
  }

  int inputCount() {
    return inputs.size();
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input).isPresent();
  }

  /** The values of an input that must be known before a run; nothing where it is left out. */
  Optional<Tensor> known(int input, String what) {
    if (!has(input)) {
      return Optional.empty();
    }
    if (inputs.get(input).get() instanceof Value.Known(Tensor tensor)) {
      return Optional.of(tensor);
    }
    throw new UnsupportedNode("%s must be a constant, but is computed".formatted(what));
  }

  /** The same of an input that must be there. */
  Tensor constant(int input, String what) {
    return known(input, what)
        .orElseThrow(() -> new OnnxException("%s is left out".formatted(what)));
  }

  /** The values of an input if they are known before a run. */
  Optional<Tensor> tensor(int input) {
    return has(input) && inputs.get(input).get() instanceof Value.Known(Tensor tensor)
        ? Optional.of(tensor)
        : Optional.empty();
  }

  /** All inputs, as far as they are known; null for others. */
  List<Tensor> tensors() {
    return Arrays.asList(
        IntStream.range(0, inputs.size())
            .mapToObj(i -> tensor(i).orElse(null))
            .toArray(Tensor[]::new));
  }

  /** An input as a value of the graph; a constant becomes one. */
  Running running(int input) {
    if (!has(input)) {
      throw new OnnxException("input %d is left out".formatted(input));
    }
    return switch (inputs.get(input).get()) {
      case Running value -> value;
      case Value.Known(Tensor tensor) ->
          constant(node.inputs().get(input), tensor, Shapes.natural(tensor.dimensions()));
      case Value.Unsupported _ -> throw new IllegalStateException("lowered for nothing: " + node);
    };
  }

  /** A constant of the graph. */
  Running constant(String name, Tensor tensor, Shape shape) {
    return new Running(draft.constant(name, tensor, shape), shape, tensor.dimensions(), false);
  }

  /** What values in between are called. */
  String name(String suffix) {
    return node.outputs().getFirst() + (suffix.isEmpty() ? "" : ":" + suffix);
  }

  /** The same values in another shape. */
  Running view(Running value, Shape shape) {
    return new Running(
        draft.reshaped(value.node(), shape), shape, value.dimensions(), value.alone());
  }

  /** The same values so that an axis is a dimension of the shape: as they are, if that is so. */
  Placed placed(Running value, int axis) {
    Optional<Axis> place = value.place(axis);
    if (place.isPresent()) {
      return new Placed(value, place.get());
    }
    if (value.rank() <= 4) {
      return new Placed(
          view(value, Shapes.natural(value.dimensions())), Axis.values()[4 - value.rank() + axis]);
    }
    int[] dimensions = value.dimensions();
    int outer = Tensor.elements(Arrays.copyOf(dimensions, axis));
    int inner = Tensor.elements(Arrays.copyOfRange(dimensions, axis + 1, dimensions.length));
    return new Placed(view(value, new Shape(1, outer, dimensions[axis], inner)), Axis.HEIGHT);
  }

  /** What an operation makes of values that lie as they are, with these dimensions. */
  Running apply(
      String suffix, Operation operation, Weights weights, int[] dimensions, Running... values) {
    String name =
        draft.add(
            name(suffix),
            operation,
            weights,
            Arrays.stream(values).map(Running::node).toArray(String[]::new));
    return new Running(name, draft.shape(name), dimensions, true);
  }

  /** The same without weights. */
  Running apply(String suffix, Operation operation, int[] dimensions, Running... values) {
    return apply(suffix, operation, Weights.none(), dimensions, values);
  }

  /** What an operation on each value alone makes of them. */
  Running map(String suffix, Operation operation, Running value) {
    return apply(suffix, operation, value.dimensions(), value);
  }

  void give(Value value) {
    give(0, value);
  }

  void give(int output, Value value) {
    outputs[output] = value;
  }

  /** What was given for an output; nothing where it was not. */
  Optional<Value> given(int output) {
    return Optional.ofNullable(outputs[output]);
  }
}
