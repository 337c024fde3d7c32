package org.sepconv.cli.show;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.Graph;

/**
 * Which nodes of a graph became parts of others by the passes. A node that is left has its name,
 * and takes some values that are left too: what stood between those and it is a part of it now.
 */
final class Absorbed {
  private final Map<String, Graph.Node> before = new HashMap<>();
  private final Set<String> left = new HashSet<>();

  /**
   * @param before the graph as it was given
   * @param after what the passes made of it
   */
  Absorbed(Graph before, Graph after) {
    before.nodes().forEach(node -> this.before.put(node.name(), node));
    after.inputs().forEach(input -> left.add(input.name()));
    after.constants().forEach(constant -> left.add(constant.name()));
    after.nodes().forEach(node -> left.add(node.name()));
  }

  /**
   * The nodes that are a part of a node or a constant, in the order of the graph.
   *
   * @param name of what is left
   */
  List<String> by(String name) {
    Set<String> found = new LinkedHashSet<>();
    List<String> open = new ArrayList<>(List.of(name));
    while (!open.isEmpty()) {
      Graph.Node node = before.get(open.removeLast());
      if (node == null) {
        continue; // a constant or an input that was one before
      }
      for (String source : node.inputs()) {
        if (!left.contains(source) && before.containsKey(source) && found.add(source)) {
          open.add(source);
        }
      }
    }
    return List.copyOf(found).reversed();
  }
}
