package org.sepconv.cli.show;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.elk.alg.layered.options.LayeredOptions;
import org.eclipse.elk.core.RecursiveGraphLayoutEngine;
import org.eclipse.elk.core.options.CoreOptions;
import org.eclipse.elk.core.options.Direction;
import org.eclipse.elk.core.options.EdgeRouting;
import org.eclipse.elk.core.util.BasicProgressMonitor;
import org.eclipse.elk.graph.ElkEdge;
import org.eclipse.elk.graph.ElkEdgeSection;
import org.eclipse.elk.graph.ElkNode;
import org.eclipse.elk.graph.util.ElkGraphUtil;

/**
 * Where the boxes and lines of a graph lie on a page, from top to bottom, in pixels; laid out by
 * ELK (Eclipse Layout Kernel), by layers.
 *
 * @param boxes of the inputs of the graph, then of its nodes
 * @param lines from what gives a value to what takes it; constants have none
 */
record Drawing(double width, double height, List<Box> boxes, List<Line> lines) {

  /** More would take a browser and a reader too long. */
  static final int MOST_BOXES = 2_000;

  /**
   * Layers that all lines together may cross: a line has a corner in each, and ELK's time grows
   * with them (10,000 take it 5 to 10 s).
   */
  static final int MOST_CROSSED = 10_000;

  // Labels are in a font whose letters are all of one width, so that boxes fit them anywhere.
  private static final double LETTER = 7.25;
  private static final double MARGIN = 26;
  private static final double INPUT_MARGIN = 44;
  private static final int MOST_LETTERS = 34;
  private static final int TIME_LETTERS = "  000.000 ms".length();
  private static final double HEIGHT = 60;
  private static final double INPUT_HEIGHT = 44;

  /** What is named so, an input or a node. */
  record Box(String name, double x, double y, double width, double height) {}

  /**
   * A line with corners.
   *
   * @param points x and y of each corner in turn, from its start to its end
   */
  record Line(String from, String to, List<Double> points) {}

  /**
   * Lays a graph out; empty if it is too large to be drawn.
   *
   * @param timed whether each node has room for its time
   */
  static Optional<Drawing> of(ShownGraph graph, boolean timed) {
    int boxes = graph.inputs().size() + graph.nodes().size();
    return boxes > MOST_BOXES || crossed(graph) > MOST_CROSSED
        ? Optional.empty()
        : Optional.of(new Layout(graph, timed).drawing());
  }

  /** How many layers the lines go down, all together, if each box is as high up as it can be. */
  private static long crossed(ShownGraph graph) {
    Map<String, Integer> layers = new HashMap<>();
    graph.inputs().forEach(input -> layers.put(input.name(), 0));
    long sum = 0;
    for (ShownGraph.Node node : graph.nodes()) {
      List<Integer> sources =
          node.inputs().stream().filter(layers::containsKey).map(layers::get).toList();
      int layer = 1 + sources.stream().max(Integer::compare).orElse(0);
      layers.put(node.name(), layer);
      sum += sources.stream().mapToLong(source -> layer - source).sum();
    }
    return sum;
  }

  /** A graph as ELK knows it. */
  private static final class Layout {
    private final ElkNode root = ElkGraphUtil.createGraph();
    private final Map<String, ElkNode> boxes = new HashMap<>();

    /** Names in the order of ELK's nodes, and of its edges: from and to. */
    private final List<String> names = new ArrayList<>();

    private final List<List<String>> ends = new ArrayList<>();

    Layout(ShownGraph graph, boolean timed) {
      root.setProperty(CoreOptions.ALGORITHM, LayeredOptions.ALGORITHM_ID);
      root.setProperty(LayeredOptions.DIRECTION, Direction.DOWN);
      root.setProperty(LayeredOptions.EDGE_ROUTING, EdgeRouting.ORTHOGONAL);
      root.setProperty(LayeredOptions.SPACING_NODE_NODE, 24.0);
      root.setProperty(LayeredOptions.SPACING_EDGE_NODE, 14.0);
      root.setProperty(LayeredOptions.SPACING_NODE_NODE_BETWEEN_LAYERS, 26.0);
      root.setProperty(LayeredOptions.SPACING_EDGE_NODE_BETWEEN_LAYERS, 12.0);
      for (ShownGraph.Value input : graph.inputs()) {
        add(
            input.name(),
            INPUT_MARGIN,
            INPUT_HEIGHT,
            input.name().length(),
            input.shape().length());
      }
      for (ShownGraph.Node node : graph.nodes()) {
        int third = node.output().length() + (timed ? TIME_LETTERS : 0);
        add(
            node.name(),
            MARGIN,
            HEIGHT,
            Math.max(node.name().length(), node.brief().length()),
            third);
      }
      for (ShownGraph.Node node : graph.nodes()) {
        for (String source : node.inputs()) {
          if (boxes.containsKey(source)) {
            ElkGraphUtil.createSimpleEdge(boxes.get(source), boxes.get(node.name()));
            ends.add(List.of(source, node.name()));
          }
        }
      }
    }

    private void add(String name, double margin, double height, int first, int second) {
      ElkNode box = ElkGraphUtil.createNode(root);
      int letters = Math.min(MOST_LETTERS, Math.max(first, second));
      box.setDimensions(Math.ceil(letters * LETTER + margin), height);
      boxes.put(name, box);
      names.add(name);
    }

    Drawing drawing() {
      new RecursiveGraphLayoutEngine().layout(root, new BasicProgressMonitor());
      List<Box> placed = new ArrayList<>();
      for (String name : names) {
        ElkNode box = Objects.requireNonNull(boxes.get(name));
        placed.add(
            new Box(name, round(box.getX()), round(box.getY()), box.getWidth(), box.getHeight()));
      }
      List<Line> lines = new ArrayList<>();
      for (int i = 0; i < ends.size(); i++) {
        lines.add(
            new Line(
                ends.get(i).getFirst(),
                ends.get(i).getLast(),
                points(root.getContainedEdges().get(i))));
      }
      return new Drawing(
          Math.ceil(root.getWidth()),
          Math.ceil(root.getHeight()),
          List.copyOf(placed),
          List.copyOf(lines));
    }

    private static List<Double> points(ElkEdge edge) {
      List<Double> points = new ArrayList<>();
      for (ElkEdgeSection section : edge.getSections()) {
        points.add(round(section.getStartX()));
        points.add(round(section.getStartY()));
        section
            .getBendPoints()
            .forEach(
                bend -> {
                  points.add(round(bend.getX()));
                  points.add(round(bend.getY()));
                });
        points.add(round(section.getEndX()));
        points.add(round(section.getEndY()));
      }
      return List.copyOf(points);
    }

    /** Tenths of a pixel are enough, and short to write. */
    private static double round(double pixels) {
      return Math.round(10 * pixels) / 10.0;
    }
  }
}
