package org.sepconv.onnx.lower;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sepconv.Axis;
import org.sepconv.ConstantWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Reshape;
import org.sepconv.Shape;
import org.sepconv.Transpose;
import org.sepconv.Weights;
import org.sepconv.onnx.model.Tensor;

/** A graph that grows node by node. */
final class GraphDraft {
  private final WeightCache cache;
  private final Map<String, Graph.Input> inputs = new LinkedHashMap<>();
  private final Map<String, Graph.Constant> constants = new LinkedHashMap<>();
  private final Map<String, Graph.Node> nodes = new LinkedHashMap<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private final Map<String, Weights> weights = new HashMap<>();

  /** Nodes and constants that are there already, by what they are. */
  private final Map<List<Object>, String> known = new HashMap<>();

  GraphDraft(WeightCache cache) {
    this.cache = cache;
  }

  void input(String name, Shape shape) {
    inputs.put(name, new Graph.Input(name, shape));
    shapes.put(name, shape);
  }

  /** Values that are the same in every run; its name. */
  String constant(String wanted, Tensor tensor, Shape shape) {
    return known.computeIfAbsent(
        List.of(tensor, shape),
        _ -> {
          String name = free(wanted);
          constants.put(name, new Graph.Constant(name, shape));
          shapes.put(name, shape);
          weights.put(
              name,
              cache.of(
                  ConstantWeights.class,
                  "constant",
                  List.of(tensor),
                  () -> new ConstantWeights(tensor.floats())));
          return name;
        });
  }

  /** Adds an operation; the name of its value. */
  String add(String wanted, Operation operation, Weights values, String... sources) {
    List<Shape> taken = Stream.of(sources).map(shapes::get).toList();
    Shape shape = operation.outputShapes(taken).getFirst();
    String name = free(wanted);
    nodes.put(name, new Graph.Node(name, operation, List.of(sources)));
    shapes.put(name, shape);
    if (!values.equals(Weights.none())) {
      weights.put(name, values);
    }
    return name;
  }

  /** Adds an operation without weights; the name of its value. */
  String add(String wanted, Operation operation, String... sources) {
    return add(wanted, operation, Weights.none(), sources);
  }

  Shape shape(String value) {
    return Objects.requireNonNull(shapes.get(value), value);
  }

  /** What gives a value; nothing for inputs and constants. */
  Optional<Graph.Node> node(String value) {
    return Optional.ofNullable(nodes.get(value));
  }

  Weights weights(String node) {
    return weights.getOrDefault(node, Weights.none());
  }

  /** Takes a node out that nothing takes yet. */
  void remove(String node) {
    nodes.remove(node);
    weights.remove(node);
  }

  /** The same values in another shape. */
  String reshaped(String value, Shape shape) {
    if (shape(value).equals(shape)) {
      return value;
    }
    if (nodes.containsKey(value) && nodes.get(value).operation() instanceof Reshape) {
      return reshaped(nodes.get(value).inputs().getFirst(), shape);
    }
    if (constants.containsKey(value)) {
      return known.computeIfAbsent(
          List.of(value, shape),
          _ -> {
            String name = free(value + ":reshaped");
            constants.put(name, new Graph.Constant(name, shape));
            shapes.put(name, shape);
            weights.put(name, weights.get(value));
            return name;
          });
    }
    Reshape reshape = new Reshape(shape.n(), shape.c(), shape.h(), shape.w());
    return known.computeIfAbsent(
        List.of(value, reshape), _ -> add(value + ":reshaped", reshape, value));
  }

  /** The dimensions in another order; two of these in a row are one, or none. */
  String transposed(String wanted, String value, List<Axis> order) {
    String source = value;
    List<Axis> all = order;
    if (nodes.containsKey(value) && nodes.get(value).operation() instanceof Transpose before) {
      source = nodes.get(value).inputs().getFirst();
      all = order.stream().map(axis -> before.order().get(axis.ordinal())).toList();
    }
    Transpose transpose = new Transpose(all);
    if (transpose.equals(Transpose.NONE)) {
      return source;
    }
    String from = source;
    return known.computeIfAbsent(List.of(from, transpose), _ -> add(wanted, transpose, from));
  }

  /** The graph that gives these values, each of a node of its own, without what is for nothing. */
  Graph graph(String name, List<String> outputs) {
    Set<String> needed = new HashSet<>(outputs);
    List<Graph.Node> left = new ArrayList<>();
    for (Graph.Node node : List.copyOf(nodes.values()).reversed()) {
      if (needed.contains(node.name())) {
        needed.addAll(node.inputs());
        left.add(node);
      }
    }
    return new Graph(
        name,
        List.copyOf(inputs.values()),
        constants.values().stream().filter(one -> needed.contains(one.name())).toList(),
        left.reversed(),
        outputs);
  }

  /** The weights of a graph that came of this. */
  GraphWeights weights(Graph graph) {
    return new GraphWeights(
        Stream.concat(
                graph.constants().stream().map(Graph.Constant::name),
                graph.nodes().stream().map(Graph.Node::name))
            .filter(weights::containsKey)
            .collect(Collectors.toMap(name -> name, weights::get)));
  }

  private String free(String wanted) {
    String name = wanted;
    for (int i = 2; shapes.containsKey(name); i++) {
      name = wanted + "#" + i;
    }
    return name;
  }
}
