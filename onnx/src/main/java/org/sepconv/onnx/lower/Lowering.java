package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Shape;
import org.sepconv.onnx.constant.Budget;
import org.sepconv.onnx.constant.Evaluator;
import org.sepconv.onnx.model.ModelFile;
import org.sepconv.onnx.model.Node;
import org.sepconv.onnx.model.OnnxException;
import org.sepconv.onnx.model.Tensor;

/**
 * Makes a graph of a model for one size of its inputs. Everything that depends on sizes alone is
 * computed on the way.
 */
public final class Lowering {

  /**
   * What came of it.
   *
   * @param inputs dimensions of the inputs, in the model's order
   * @param outputs the same
   */
  public record Result(
      Graph graph, GraphWeights weights, List<int[]> inputs, List<int[]> outputs) {}

  private final ModelFile model;
  private final WeightCache cache;
  private final Budget budget;
  private final Evaluator evaluator;
  private final GraphDraft draft;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private final List<String> faults = new ArrayList<>();

  private Lowering(ModelFile model, WeightCache cache) {
    this.model = model;
    this.cache = cache;
    this.budget = new Budget(model.constants().values());
    this.evaluator = new Evaluator(budget);
    this.draft = new GraphDraft(cache);
    for (Node node : model.nodes()) {
      node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
    model.outputs().forEach(output -> uses.merge(output.name(), 1, Integer::sum));
  }

  /**
   * The graph for inputs of these dimensions.
   *
   * @throws OnnxException naming all nodes that cannot be lowered
   */
  public static Result run(ModelFile model, WeightCache cache, List<int[]> inputs) {
    return new Lowering(model, cache).run(inputs);
  }

  private Result run(List<int[]> inputs) {
    if (inputs.isEmpty()) {
      throw new OnnxException("the model has no input: nothing is left to be computed");
    }
    model.constants().forEach((name, tensor) -> values.put(name, new Value.Known(tensor)));
    for (int i = 0; i < inputs.size(); i++) {
      String name = model.inputs().get(i).name();
      int[] dimensions = inputs.get(i);
      Shape shape = Shapes.natural(dimensions);
      draft.input(name, shape);
      values.put(name, new Running(name, shape, dimensions, false));
    }
    model.nodes().forEach(this::lower);
    if (!faults.isEmpty()) {
      throw new OnnxException(
          "%d of %d nodes cannot be run: %s"
              .formatted(faults.size(), model.nodes().size(), String.join("; ", faults)));
    }
    return result(inputs);
  }

  private Result result(List<int[]> inputs) {
    List<String> names = new ArrayList<>();
    List<int[]> dimensions = new ArrayList<>();
    Set<String> given = new HashSet<>();
    for (ModelFile.ValueInfo output : model.outputs()) {
      Running value =
          switch (value(output.name())) {
            case Running running -> running;
            case Value.Known(Tensor tensor) -> {
              Shape shape = Shapes.natural(tensor.dimensions());
              String name = draft.constant(output.name() + ":constant", tensor, shape);
              yield new Running(name, shape, tensor.dimensions(), false);
            }
            case Value.Unsupported _ -> throw new IllegalStateException("it was reported");
          };
      String name = value.node();
      // An output of a graph is a node of its own.
      if (draft.node(name).isEmpty() || !given.add(name)) {
        name = draft.add(output.name() + ":copy", new Activate(Activation.NONE), name);
        given.add(name);
      }
      names.add(name);
      dimensions.add(value.dimensions());
    }
    try {
      Graph graph = draft.graph(model.name().isEmpty() ? "onnx" : model.name(), names);
      return new Result(graph, draft.weights(graph), inputs, dimensions);
    } catch (IllegalArgumentException wrong) {
      throw new OnnxException(message(wrong), wrong);
    }
  }

  private Value value(String name) {
    return Objects.requireNonNull(values.get(name), name);
  }

  private void lower(Node node) {
    List<Optional<Value>> inputs = new ArrayList<>();
    for (int i = 0; i < node.inputs().size(); i++) {
      inputs.add(node.hasInput(i) ? Optional.of(value(node.inputs().get(i))) : Optional.empty());
    }
    boolean blameless =
        inputs.stream().flatMap(Optional::stream).anyMatch(Value.Unsupported.class::isInstance);
    if (!blameless) {
      try {
        lower(node, inputs);
        return;
      } catch (RuntimeException wrong) {
        // Whatever a contradictory model runs into, it is the model's fault, and its place known.
        faults.add("%s: %s".formatted(node, message(wrong)));
      }
    }
    node.outputs().forEach(output -> values.put(output, new Value.Unsupported()));
  }

  private static String message(RuntimeException wrong) {
    return switch (wrong) {
      case UnsupportedNode _, OnnxException _, IllegalArgumentException _ ->
          String.valueOf(wrong.getMessage());
      default -> "it contradicts itself (%s)".formatted(wrong);
    };
  }

  private void lower(Node node, List<Optional<Value>> inputs) {
    Scope scope = new Scope(node, model.opset(), inputs, draft, cache, budget);
    if (!evaluated(node, scope)) {
      Operators.of(node)
          .orElseThrow(() -> new UnsupportedNode("there is no such operator here"))
          .lower(scope);
    }
    for (int i = 0; i < node.outputs().size(); i++) {
      String name = node.outputs().get(i);
      if (name.isEmpty()) {
        continue;
      }
      Optional<Value> given = scope.given(i);
      if (given.isEmpty() && uses.getOrDefault(name, 0) > 0) {
        throw new UnsupportedNode("its output %d, '%s', is not supported".formatted(i, name));
      }
      given.ifPresent(value -> values.put(name, named(name, value, inputs)));
    }
  }

  /** A value that another name stands for too is alone only where that one is. */
  private Value named(String name, Value value, List<Optional<Value>> inputs) {
    if (!(value instanceof Running running)) {
      return value;
    }
    boolean alone = running.alone() && uses.getOrDefault(name, 0) == 1;
    for (Optional<Value> input : inputs) {
      if (input.isPresent()
          && input.get() instanceof Running taken
          && taken.node().equals(running.node())) {
        alone &= taken.alone();
      }
    }
    return running.withAlone(alone);
  }

  private boolean evaluated(Node node, Scope scope) {
    if (node.operator().equals("Shape") && node.domain().isEmpty()) {
      scope.give(new Value.Known(Evaluator.shape(node, dimensions(scope))));
      return true;
    }
    if (node.operator().equals("Size") && node.domain().isEmpty()) {
      long size = Tensor.elements(dimensions(scope));
      scope.give(new Value.Known(Tensor.of(new int[0], new long[] {size})));
      return true;
    }
    for (int i = 0; i < node.inputs().size(); i++) {
      if (scope.has(i) && scope.tensor(i).isEmpty()) {
        return false;
      }
    }
    Optional<List<Tensor>> results = evaluator.evaluate(node, scope.tensors());
    results.ifPresent(
        tensors -> {
          for (int i = 0; i < Math.min(tensors.size(), node.outputs().size()); i++) {
            scope.give(i, new Value.Known(tensors.get(i)));
          }
        });
    return results.isPresent();
  }

  private static int[] dimensions(Scope scope) {
    return scope.tensor(0).map(Tensor::dimensions).orElseGet(() -> scope.running(0).dimensions());
  }
}
