package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.sepconv.ConstantWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/**
 * A graph that is being changed. A value keeps its name and its looks through all changes, so that
 * outputs of the graph stay what they are.
 */
final class Draft {
  private final Graph original;
  private final Map<String, TensorSpec> specs = new HashMap<>();
  private final Predicate<Problem> supported;
  private final Map<String, Graph.Constant> constants = new LinkedHashMap<>();
  private final List<Graph.Node> nodes;
  private final Map<String, Weights> weights;
  private final List<String> changes = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();

  /**
   * @param problem of the graph
   * @param supported whether a fused operation can run as one
   */
  Draft(Program program, Problem problem, Predicate<Problem> supported) {
    this.original = program.graph();
    this.supported = supported;
    this.nodes = new ArrayList<>(original.nodes());
    this.weights = new HashMap<>(program.weights().ofNodes());
    original.constants().forEach(constant -> constants.put(constant.name(), constant));
    for (int i = 0; i < problem.inputs().size(); i++) {
      specs.put(original.inputs().get(i).name(), problem.inputs().get(i));
    }
    for (Graph.Constant constant : original.constants()) {
      specs.put(constant.name(), problem.destination().withShape(constant.shape()));
    }
    for (Graph.Step step : original.steps(problem)) {
      specs.put(step.node().name(), step.problem().destination());
    }
  }

  /**
   * Does something with each node, as it is when its turn comes; those taken out by then have none.
   */
  void forEachNode(Consumer<Graph.Node> action) {
    List<String> names = nodes.stream().map(Graph.Node::name).toList();
    names.forEach(name -> giver(name).ifPresent(action));
  }

  /** The node that gives a value; empty for inputs of the graph and constants. */
  Optional<Graph.Node> giver(String value) {
    return nodes.stream().filter(node -> node.name().equals(value)).findFirst();
  }

  /** Whether one input of one node is all that a value is for. */
  boolean usedOnce(String value) {
    long uses =
        nodes.stream().flatMap(node -> node.inputs().stream()).filter(value::equals).count();
    return uses == 1 && !original.outputs().contains(value);
  }

  /** The node that gives this input of another, where that is all it is for. */
  Optional<Graph.Node> onlyGiver(Graph.Node taker, int input) {
    String value = taker.inputs().get(input);
    return usedOnce(value) ? giver(value) : Optional.empty();
  }

  Weights weights(Graph.Node node) {
    return weights.getOrDefault(node.name(), Weights.none());
  }

  /** The values of a constant, in N, C, H, W order; empty if the value is none. */
  Optional<float[]> constant(String value) {
    return constants.containsKey(value)
        ? Optional.of(((ConstantWeights) Objects.requireNonNull(weights.get(value))).values())
        : Optional.empty();
  }

  TensorSpec spec(String value) {
    return Objects.requireNonNull(specs.get(value));
  }

  /** Whether the device runs such an operation in place of what gives a value now. */
  boolean supports(Operation operation, List<String> inputs, String output) {
    try {
      return supported.test(problem(operation, inputs, output));
    } catch (IllegalArgumentException _) {
      return false; // the tensors do not suit it
    }
  }

  /** An operation on these values that gives what a value is. */
  Problem problem(Operation operation, List<String> inputs, String output) {
    return new Problem(operation, inputs.stream().map(specs::get).toList(), List.of(spec(output)));
  }

  int nodeCount() {
    return nodes.size();
  }

  /** Notes what was not done, and why. */
  void refuse(String what) {
    refusals.add(what);
  }

  List<String> refusals() {
    return refusals;
  }

  /**
   * Puts one node in the place of two.
   *
   * @param gone whose value nobody else takes
   * @param last gives what the new node gives
   * @param change what was done, for people
   */
  void fuse(
      Graph.Node gone,
      Graph.Node last,
      Operation operation,
      List<String> inputs,
      Weights values,
      String change) {
    nodes.set(nodes.indexOf(last), new Graph.Node(last.name(), operation, inputs));
    nodes.remove(gone);
    weights.remove(gone.name());
    setWeights(last.name(), values);
    changes.add(change);
  }

  /** Takes a node out; what it gave is taken from another value. */
  void bypass(Graph.Node gone, String value, String change) {
    nodes.remove(gone);
    weights.remove(gone.name());
    nodes.replaceAll(
        node ->
            new Graph.Node(
                node.name(),
                node.operation(),
                node.inputs().stream()
                    .map(input -> input.equals(gone.name()) ? value : input)
                    .toList()));
    changes.add(change);
  }

  /** Puts a constant in the place of a node. */
  void makeConstant(Graph.Node gone, float[] values, String change) {
    nodes.remove(gone);
    constants.put(gone.name(), new Graph.Constant(gone.name(), spec(gone.name()).shape()));
    weights.put(gone.name(), new ConstantWeights(values));
    changes.add(change);
  }

  /** Takes out nodes whose values nobody takes, and such constants. */
  void removeUnused() {
    boolean found = true;
    while (found) {
      List<Graph.Node> unused = nodes.stream().filter(node -> unused(node.name())).toList();
      unused.forEach(
          node -> {
            nodes.remove(node);
            weights.remove(node.name());
            changes.add(node.name() + " is for nothing");
          });
      found = !unused.isEmpty();
    }
    List<String> idle = constants.keySet().stream().filter(this::unused).toList();
    idle.forEach(constants::remove);
    idle.forEach(weights::remove);
  }

  private boolean unused(String value) {
    return nodes.stream().noneMatch(node -> node.inputs().contains(value))
        && !original.outputs().contains(value);
  }

  boolean isOutput(String value) {
    return original.outputs().contains(value);
  }

  private void setWeights(String name, Weights values) {
    if (values.equals(Weights.none())) {
      weights.remove(name);
    } else {
      weights.put(name, values);
    }
  }

  List<String> changes() {
    return changes;
  }

  /** The graph of now. */
  Program program() {
    Graph graph =
        new Graph(
            original.name(),
            original.inputs(),
            List.copyOf(constants.values()),
            nodes,
            original.outputs());
    return new Program(graph, new GraphWeights(weights));
  }
}
