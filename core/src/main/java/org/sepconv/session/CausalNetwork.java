package org.sepconv.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.pass.Program;

/**
 * A network whose width is time, and of which no column of the output needs a later one of the
 * input.
 *
 * @param program in plain operations
 * @param input sizes of the input beside its width
 * @param output the same of the output
 * @param fixed nodes that depend on constants alone
 * @param stages the others, in order
 * @param operands of all stages, by their index
 */
record CausalNetwork(
    Program program,
    CausalStage.Rows input,
    CausalStage.Rows output,
    List<Graph.Node> fixed,
    List<CausalStage> stages,
    List<CausalStage.Operand> operands) {

  /**
   * Looks at every node.
   *
   * @param whole with one input and one output
   * @param usual shape of the input, of which the width only says what the program was made for
   * @throws IllegalArgumentException naming the first node that is not causal
   */
  static CausalNetwork of(Program whole, Shape usual) {
    Program program = whole.flat();
    Graph graph = program.graph();
    Map<String, CausalStage.Rows> moving = new HashMap<>();
    moving.put(graph.inputs().getFirst().name(), rows(usual));
    List<Graph.Node> fixed = new ArrayList<>();
    List<CausalStage> stages = new ArrayList<>();
    List<CausalStage.Operand> operands = new ArrayList<>();
    for (Graph.Step step : graph.steps(Problem.of(graph, List.of(TensorSpec.nchw(usual))))) {
      Graph.Node node = step.node();
      if (node.inputs().stream().noneMatch(moving::containsKey)) {
        fixed.add(node);
        continue;
      }
      CausalStage stage = stage(step, moving, operands.size());
      operands.addAll(stage.inOrder());
      stages.add(stage);
      moving.put(node.name(), rows(step.problem().destination().shape()));
    }
    String last = graph.outputs().getFirst();
    if (!moving.containsKey(last)) {
      throw new IllegalArgumentException(
          "the output %s of %s does not depend on its input".formatted(last, graph));
    }
    return new CausalNetwork(program, rows(usual), moving.get(last), fixed, stages, operands);
  }

  private static CausalStage.Rows rows(Shape shape) {
    return new CausalStage.Rows(shape.n(), shape.c(), shape.h());
  }

  private static CausalStage stage(
      Graph.Step step, Map<String, CausalStage.Rows> moving, int first) {
    Graph.Node node = step.node();
    List<String> sources = node.inputs();
    Set<String> known = moving.keySet();
    CausalWindow window;
    try {
      window = CausalWindow.of(step.problem(), sources.stream().map(known::contains).toList());
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "the node %s is not causal: %s".formatted(node.name(), wrong.getMessage()), wrong);
    }
    Map<Integer, CausalStage.Operand> operands = new HashMap<>();
    for (int i = 0; i < sources.size(); i++) {
      if (!known.contains(sources.get(i))) {
        continue;
      }
      // A second input of a convolution is a residual: it goes with the output.
      CausalWindow own = i == 0 ? window : CausalWindow.each(window.operation());
      operands.put(
          i,
          new CausalStage.Operand(
              first + operands.size(),
              sources.get(i),
              Objects.requireNonNull(moving.get(sources.get(i))),
              own.padding(),
              own.fill(),
              own.columns(),
              own.stride()));
    }
    return new CausalStage(node, window.operation(), operands);
  }

  /** The weights of these nodes and constants of a part. */
  GraphWeights weightsOf(Graph part) {
    Map<String, Weights> weights = new HashMap<>();
    part.nodes().stream()
        .map(Graph.Node::name)
        .filter(program.weights().ofNodes()::containsKey)
        .forEach(name -> weights.put(name, program.weights().ofNodes().get(name)));
    part.constants()
        .forEach(
            constant ->
                weights.put(constant.name(), program.weights().ofNodes().get(constant.name())));
    return new GraphWeights(weights);
  }
}
