package org.sepconv.session;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Axis;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Reshape;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.graph.pass.Program;

/** Makes one network for all widths of a model that may be another one for each. */
final class AnyWidth {
  private AnyWidth() {}

  /**
   * The network, by a look at two widths. Reshapes that name the width and keep it, as those of an
   * importer do, take whatever width comes.
   *
   * @throws IllegalArgumentException if it has more than one input or output, or naming the first
   *     node that is another one for another width
   */
  static Program of(Model model, Shape usual) {
    Shape twice = Axis.WIDTH.with(usual, 2 * usual.w());
    Program program = model.at(List.of(usual));
    Program longer = model.at(List.of(twice));
    Graph graph = program.graph();
    if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
      throw new IllegalArgumentException(
          "%s has %d inputs and %d outputs, but a stream one of each"
              .formatted(graph, graph.inputs().size(), graph.outputs().size()));
    }
    if (graph.nodes().size() != longer.graph().nodes().size()) {
      throw new IllegalArgumentException(
          "%s has %d nodes for a width of %d, but %d for %d: it cannot take parts of a sequence"
              .formatted(
                  graph,
                  graph.nodes().size(),
                  usual.w(),
                  longer.graph().nodes().size(),
                  twice.w()));
    }
    List<Graph.Step> steps = steps(graph, usual);
    List<Graph.Step> others = steps(longer.graph(), twice);
    List<Graph.Node> nodes = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Graph.Node node = steps.get(i).node();
      if (!node.equals(others.get(i).node())) {
        node = new Graph.Node(node.name(), both(steps.get(i), others.get(i)), node.inputs());
      }
      nodes.add(node);
    }
    return new Program(
        new Graph(graph.name(), graph.inputs(), graph.constants(), nodes, graph.outputs()),
        program.weights());
  }

  private static List<Graph.Step> steps(Graph graph, Shape shape) {
    try {
      return graph.steps(Problem.of(graph, List.of(TensorSpec.nchw(shape))));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "%s does not take a width of %d, and so no parts of a sequence: %s"
              .formatted(graph, shape.w(), wrong.getMessage()),
          wrong);
    }
  }

  private static Operation both(Graph.Step step, Graph.Step other) {
    if (step.node().operation() instanceof Reshape one
        && other.node().operation() instanceof Reshape two
        && step.node().inputs().equals(other.node().inputs())
        && one.w() == step.problem().source().shape().w()
        && two.w() == other.problem().source().shape().w()) {
      Reshape free = new Reshape(one.n(), one.c(), one.h(), Reshape.AS_INPUT);
      if (free.equals(new Reshape(two.n(), two.c(), two.h(), Reshape.AS_INPUT))) {
        return free;
      }
    }
    throw new IllegalArgumentException(
        "the node %s is another one for a width of %d than for %d: the network cannot take parts of a sequence"
            .formatted(
                step.node().name(),
                step.problem().source().shape().w(),
                other.problem().source().shape().w()));
  }
}
