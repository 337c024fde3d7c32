package org.sepconv.graph.pass;

import java.util.ArrayList;
import java.util.List;
import org.sepconv.Graph;

/** What fused nodes take. */
final class Inputs {
  private Inputs() {}

  /** Those of a node, one of them replaced. */
  static List<String> replaced(Graph.Node node, int index, String value) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(index, value);
    return inputs;
  }

  /** Those of a node, and one more. */
  static List<String> and(Graph.Node node, String value) {
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.add(value);
    return inputs;
  }
}
