package org.sepconv;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Operations in the order in which they run, each fed by inputs of the graph and outputs before it:
 * a network, or a part of one. It is an operation itself, of any sizes that its own allow, and
 * holds no weights: those are {@link GraphWeights}.
 *
 * @param name for people
 * @param inputs what it takes, each with the shape that it usually has
 * @param constants tensors that are the same in every run, with their values among the weights
 * @param nodes every one after those whose outputs it takes
 * @param outputs names of the nodes whose outputs it gives, each once
 */
public record Graph(
    String name,
    List<Input> inputs,
    List<Constant> constants,
    List<Node> nodes,
    List<String> outputs)
    implements Operation {

  /**
   * A tensor that the graph takes.
   *
   * @param name unique among inputs, constants and nodes
   * @param shape the usual one; a {@link Problem} may have another
   */
  public record Input(String name, Shape shape) {
    public Input {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(shape, "shape");
    }
  }

  /**
   * A tensor that is the same in every run. Its values are the {@link ConstantWeights} of its name.
   *
   * @param name unique among inputs, constants and nodes
   */
  public record Constant(String name, Shape shape) {
    public Constant {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(shape, "shape");
    }
  }

  /**
   * An operation and where its inputs come from. It has one output, which is called as the node.
   *
   * @param name unique among inputs, constants and nodes
   * @param inputs names of inputs and constants of the graph, and of nodes before this one
   */
  public record Node(String name, Operation operation, List<String> inputs) {
    public Node {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(operation, "operation");
      inputs = List.copyOf(inputs);
    }
  }

  /**
   * A node on tensors of certain looks.
   *
   * @param problem what a backend is asked for it
   */
  public record Step(Node node, Problem problem) {}

  /**
   * Checks everything, and says all that is wrong.
   *
   * @throws IllegalArgumentException if names are not unique, a node takes what is not before it,
   *     an operation cannot take its inputs, or nothing is taken, done or given
   */
  public Graph {
    Objects.requireNonNull(name, "name");
    inputs = List.copyOf(inputs);
    constants = List.copyOf(constants);
    nodes = List.copyOf(nodes);
    outputs = List.copyOf(outputs);
    List<String> faults = faults(inputs, constants, nodes, outputs);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("graph " + name + ": " + String.join("; ", faults));
    }
  }

  private static List<String> faults(
      List<Input> inputs, List<Constant> constants, List<Node> nodes, List<String> outputs) {
    List<String> faults = new ArrayList<>();
    if (inputs.isEmpty() || nodes.isEmpty() || outputs.isEmpty()) {
      faults.add("it needs an input, a node and an output at least");
    }
    // Of what is wrong itself, the shape is not known, and what takes it is not to blame.
    Map<String, List<Shape>> shapes = new HashMap<>();
    for (Input input : inputs) {
      if (shapes.put(input.name, List.of(input.shape)) != null) {
        faults.add("there are two inputs named " + input.name);
      }
    }
    for (Constant constant : constants) {
      if (shapes.put(constant.name, List.of(constant.shape)) != null) {
        faults.add("there are two inputs or constants named " + constant.name);
      }
    }
    for (Node node : nodes) {
      List<Shape> taken = new ArrayList<>();
      for (String source : node.inputs) {
        if (!shapes.containsKey(source)) {
          faults.add("%s takes %s, which is not before it".formatted(node.name, source));
        }
        taken.addAll(shapes.getOrDefault(source, List.of()));
      }
      List<Shape> given = List.of();
      if (taken.size() == node.inputs.size()) {
        try {
          given = node.operation.outputShapes(taken);
          if (given.size() != 1) {
            faults.add("%s has %d outputs, not 1".formatted(node.name, given.size()));
            given = List.of();
          }
        } catch (IllegalArgumentException wrong) {
          faults.add(node.name + ": " + wrong.getMessage());
        }
      }
      if (shapes.put(node.name, given) != null) {
        faults.add("there are two nodes, inputs or constants named " + node.name);
      }
    }
    for (int i = 0; i < outputs.size(); i++) {
      String output = outputs.get(i);
      if (nodes.stream().noneMatch(node -> node.name.equals(output))) {
        faults.add("there is no node named %s to be an output".formatted(output));
      }
      if (outputs.indexOf(output) < i) {
        faults.add("there are two outputs named " + output);
      }
    }
    return faults;
  }

  @Override
  public KernelKind kind() {
    return KernelKind.GRAPH;
  }

  @Override
  public int inputCount() {
    return inputs.size();
  }

  @Override
  public String inputName(int input) {
    return "input " + inputs.get(input).name;
  }

  @Override
  public List<Shape> outputShapes(List<Shape> given) {
    if (given.size() != inputs.size()) {
      throw new IllegalArgumentException(
          "graph %s takes %d inputs, not %d".formatted(name, inputs.size(), given.size()));
    }
    Map<String, Shape> shapes = new HashMap<>();
    for (int i = 0; i < given.size(); i++) {
      shapes.put(inputs.get(i).name, given.get(i));
    }
    constants.forEach(constant -> shapes.put(constant.name, constant.shape));
    for (Node node : nodes) {
      List<Shape> taken = node.inputs.stream().map(shapes::get).toList();
      try {
        shapes.put(node.name, node.operation.outputShapes(taken).getFirst());
      } catch (IllegalArgumentException wrong) {
        throw new IllegalArgumentException(node.name + ": " + wrong.getMessage(), wrong);
      }
    }
    return outputs.stream().map(shapes::get).toList();
  }

  @Override
  public boolean hasWeights() {
    return !constants.isEmpty() || nodes.stream().anyMatch(node -> node.operation.hasWeights());
  }

  @Override
  public List<Activation> activations() {
    return nodes.stream().flatMap(node -> node.operation.activations().stream()).toList();
  }

  /** This graph on float32 tensors of the usual shapes, in NCHW. */
  public Problem problem() {
    return Problem.of(this, inputs.stream().map(input -> TensorSpec.nchw(input.shape)).toList());
  }

  /**
   * Every node on tensors of certain looks: those of {@code problem} at the rim, and its first
   * output's layout and type between the nodes and for the constants.
   *
   * @param problem of this graph
   * @throws IllegalArgumentException if a node cannot take what it is given in these layouts
   */
  public List<Step> steps(Problem problem) {
    return steps(problem, problem.destination().layout());
  }

  /**
   * The same with a layout of its own between the nodes and for the constants.
   *
   * @throws IllegalArgumentException if a node cannot take what it is given in these layouts
   */
  public List<Step> steps(Problem problem, Layout between) {
    TensorSpec inside = problem.destination().withLayout(between);
    Map<String, TensorSpec> specs = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      specs.put(inputs.get(i).name, problem.inputs().get(i));
    }
    for (Constant constant : constants) {
      specs.put(constant.name, inside.withShape(constant.shape));
    }
    Map<String, TensorSpec> wanted = new HashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      wanted.put(outputs.get(i), problem.outputs().get(i));
    }
    List<Step> steps = new ArrayList<>();
    for (Node node : nodes) {
      List<TensorSpec> taken = node.inputs.stream().map(specs::get).toList();
      Shape shape = node.operation.outputShapes(Problem.shapes(taken)).getFirst();
      TensorSpec given = wanted.getOrDefault(node.name, inside).withShape(shape);
      specs.put(node.name, given);
      steps.add(new Step(node, new Problem(node.operation, taken, List.of(given))));
    }
    return steps;
  }

  /** {@code graph mobilenet_v1}. */
  @Override
  public String toString() {
    return "graph " + name;
  }

  /** A graph with this name and nothing in it yet. */
  public static Builder builder(String name) {
    return new Builder(name);
  }

  /** Builds a {@link Graph} node by node. */
  public static final class Builder {
    private final String name;
    private final List<Input> inputs = new ArrayList<>();
    private final List<Constant> constants = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private String last = "";

    private Builder(String name) {
      this.name = name;
    }

    /** Adds an input of the graph; what is added next is fed by it. */
    public Builder input(String input, Shape usual) {
      inputs.add(new Input(input, usual));
      last = input;
      return this;
    }

    /** Adds a tensor of constants; what is added next takes it only where it names it. */
    public Builder constant(String constant, Shape shape) {
      constants.add(new Constant(constant, shape));
      return this;
    }

    /** The name of the input or node that was added last. */
    public String last() {
      return last;
    }

    /** Adds an operation on what was added last. */
    public Builder add(String node, Operation operation) {
      return add(node, operation, last);
    }

    /** Adds an operation on these inputs and constants of the graph or outputs of nodes. */
    public Builder add(String node, Operation operation, String... sources) {
      nodes.add(new Node(node, operation, List.of(sources)));
      last = node;
      return this;
    }

    /**
     * The graph that gives what was added last.
     *
     * @throws IllegalArgumentException saying all that is wrong
     */
    public Graph build() {
      return build(last);
    }

    /**
     * The graph that gives the outputs of these nodes.
     *
     * @throws IllegalArgumentException saying all that is wrong
     */
    public Graph build(String... outputs) {
      return new Graph(name, inputs, constants, nodes, List.of(outputs));
    }
  }
}
