package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.ConstantWeights;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Weights;

/**
 * Takes apart what few know: graphs within graphs, and separable convolutions. What was within
 * {@code name} is called {@code name.inner}, and {@code name.depthwise}; where that is taken, with
 * a number behind it.
 */
final class Flattening {
  private final List<Graph.Constant> constants = new ArrayList<>();
  private final List<Graph.Node> nodes = new ArrayList<>();
  private final Map<String, Weights> weights = new HashMap<>();
  private final Set<String> names = new HashSet<>();

  private Flattening() {}

  static Program of(Program program) {
    Graph graph = program.graph();
    Flattening flat = new Flattening();
    List<String> inputs = graph.inputs().stream().map(Graph.Input::name).toList();
    flat.names.addAll(inputs);
    List<String> outputs = flat.add("", graph, program.weights(), inputs);
    return new Program(
        new Graph(graph.name(), graph.inputs(), flat.constants, flat.nodes, outputs),
        new GraphWeights(flat.weights));
  }

  private String unique(String wanted) {
    String name = wanted;
    for (int i = 2; !names.add(name); i++) {
      name = wanted + "#" + i;
    }
    return name;
  }

  /** Adds all of a graph that takes these values; the values that it gives. */
  private List<String> add(String prefix, Graph graph, GraphWeights own, List<String> taken) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < taken.size(); i++) {
      values.put(graph.inputs().get(i).name(), taken.get(i));
    }
    for (Graph.Constant constant : graph.constants()) {
      String name = unique(prefix + constant.name());
      constants.add(new Graph.Constant(name, constant.shape()));
      weights.put(name, new ConstantWeights(own.of(constant)));
      values.put(constant.name(), name);
    }
    for (Graph.Node node : graph.nodes()) {
      List<String> sources = node.inputs().stream().map(values::get).toList();
      values.put(node.name(), add(prefix + node.name(), node.operation(), own.of(node), sources));
    }
    return graph.outputs().stream().map(values::get).toList();
  }

  /** Adds an operation on these values; the value that it gives. */
  private String add(String name, Operation operation, Weights own, List<String> taken) {
    if (operation instanceof Graph graph) {
      return add(name + ".", graph, (GraphWeights) own, taken).getFirst();
    }
    if (operation instanceof SeparableConv2d(Conv2d depthwise, Conv2d pointwise)) {
      SeparableWeights both = (SeparableWeights) own;
      List<String> between = new ArrayList<>(taken);
      between.set(
          0, add(name + ".depthwise", depthwise, both.depthwise(), List.of(taken.getFirst())));
      return add(name, pointwise, both.pointwise(), between);
    }
    String output = unique(name);
    nodes.add(new Graph.Node(output, operation, taken));
    weights.put(output, own);
    return output;
  }
}
