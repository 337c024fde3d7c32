package org.sepconv.cli.show;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Graph;
import org.sepconv.Shape;
import org.sepconv.graph.Networks;

class DrawingTest {
  private static final Shape SHAPE = Shape.of(4, 5, 6);
  private static final Activate TANH = new Activate(Activation.TANH);

  private static ShownGraph shown(Graph graph) {
    return ShownGraph.of(graph, graph.problem(), _ -> List.of());
  }

  @Test
  void linesGoDownFromBoxToBoxAndNoBoxLiesOnAnother() {
    Graph graph = Networks.of("efficientnet_b0", 224, 1);
    Drawing drawing = Drawing.of(shown(graph), true).orElseThrow();
    Map<String, Drawing.Box> boxes = new HashMap<>();
    drawing.boxes().forEach(box -> boxes.put(box.name(), box));
    assertEquals(graph.nodes().size() + 1, boxes.size());
    for (Drawing.Box one : boxes.values()) {
      assertTrue(one.x() >= 0 && one.x() + one.width() <= drawing.width(), one::toString);
      assertTrue(one.y() >= 0 && one.y() + one.height() <= drawing.height(), one::toString);
      for (Drawing.Box other : boxes.values()) {
        boolean apart =
            one == other
                || one.x() + one.width() <= other.x()
                || other.x() + other.width() <= one.x()
                || one.y() + one.height() <= other.y()
                || other.y() + other.height() <= one.y();
        assertTrue(apart, () -> one + " lies on " + other);
      }
    }
    Set<List<String>> due = new HashSet<>();
    graph.nodes().forEach(node -> node.inputs().forEach(in -> due.add(List.of(in, node.name()))));
    Set<List<String>> drawn = new HashSet<>();
    for (Drawing.Line line : drawing.lines()) {
      drawn.add(List.of(line.from(), line.to()));
      Drawing.Box from = boxes.get(line.from());
      Drawing.Box to = boxes.get(line.to());
      assertEquals(from.y() + from.height(), line.points().get(1), 0.2, line::toString);
      assertEquals(to.y(), line.points().getLast(), 0.2, line::toString);
      assertTrue(from.y() + from.height() < to.y(), () -> line + " goes up");
    }
    assertEquals(due, drawn);
  }

  @Test
  void aConstantHasNoBox() {
    Graph graph =
        Graph.builder("constant")
            .input("x", SHAPE)
            .constant("k", SHAPE)
            .add("sum", Binary.add(), "x", "k")
            .build();
    Drawing drawing = Drawing.of(shown(graph), false).orElseThrow();
    assertEquals(List.of("x", "sum"), drawing.boxes().stream().map(Drawing.Box::name).toList());
    assertEquals(1, drawing.lines().size());
  }

  @Test
  void whatWouldTakeTooLongIsNotLaidOut() {
    Graph.Builder chain = Graph.builder("chain").input("x", SHAPE);
    for (int i = 0; i <= Drawing.MOST_BOXES; i++) {
      chain.add("n" + i, TANH);
    }
    assertEquals(Optional.empty(), Drawing.of(shown(chain.build()), false));
    // Every node takes one that is far above it.
    Graph.Builder distant = Graph.builder("long").input("x", SHAPE).add("n0", TANH);
    for (int i = 1; i < 200; i++) {
      distant.add("n" + i, Binary.add(), "n" + (i - 1), "n" + i / 10);
    }
    assertEquals(Optional.empty(), Drawing.of(shown(distant.build()), false));
  }
}
