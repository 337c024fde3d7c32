package org.sepconv.graph.pass;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.reference.Reference;

class ProgramTest {
  private static final Shape IMAGE = Shape.of(3, 4, 4);
  private static final SeparableConv2d ADDING =
      SeparableConv2d.of(3, 3).same().bias().residual().build();

  /** Twice the same: a graph with a constant and a separable convolution, and one node around. */
  private static Graph nested() {
    Graph inner =
        Graph.builder("inner")
            .input("a", IMAGE)
            .input("b", IMAGE)
            .constant("shift", Shape.of(3, 1, 1))
            .add("moved", Binary.add(), "a", "shift")
            .add("block", ADDING, "moved", "b")
            .build();
    return Graph.builder("outer")
        .input("x", IMAGE)
        .constant("in.shift", Shape.of(1, 1, 1)) // the name that the inner one would get
        .add("in", inner, "x", "x")
        .add("scaled", Binary.multiply(), "in", "in.shift")
        .add("again", inner, "x", "scaled")
        .build("again", "scaled");
  }

  private static Program random(Graph graph) {
    return new Program(graph, (GraphWeights) Weights.random(graph, 5));
  }

  @Test
  void flatHasNoGraphsWithinAndNoSeparableConvolutions() {
    Program program = random(nested());
    Graph flat = program.flat().graph();
    assertEquals("outer", flat.name());
    assertEquals(nested().inputs(), flat.inputs());
    assertEquals(
        List.of(
            new Graph.Constant("in.shift", Shape.of(1, 1, 1)),
            new Graph.Constant("in.shift#2", Shape.of(3, 1, 1)),
            new Graph.Constant("again.shift", Shape.of(3, 1, 1))),
        flat.constants());
    Binary add = Binary.add();
    assertEquals(
        List.of(
            new Graph.Node("in.moved", add, List.of("x", "in.shift#2")),
            new Graph.Node("in.block.depthwise", ADDING.depthwise(), List.of("in.moved")),
            new Graph.Node("in.block", ADDING.pointwise(), List.of("in.block.depthwise", "x")),
            new Graph.Node("scaled", Binary.multiply(), List.of("in.block", "in.shift")),
            new Graph.Node("again.moved", add, List.of("x", "again.shift")),
            new Graph.Node("again.block.depthwise", ADDING.depthwise(), List.of("again.moved")),
            new Graph.Node(
                "again.block", ADDING.pointwise(), List.of("again.block.depthwise", "scaled"))),
        flat.nodes());
    assertEquals(List.of("again.block", "scaled"), flat.outputs());
  }

  @Test
  void flatGivesTheSameValues() {
    Program program = random(nested());
    Program flat = program.flat();
    Problem problem = program.graph().problem();
    float[] image = new float[IMAGE.elements()];
    for (int i = 0; i < image.length; i++) {
      image[i] = (float) Math.sin(i);
    }
    List<Reference.Result> expected = Reference.runGraph(problem, program.weights(), image);
    List<Reference.Result> actual = Reference.runGraph(flat.on(problem), flat.weights(), image);
    for (int output = 0; output < 2; output++) {
      assertArrayEquals(expected.get(output).values(), actual.get(output).values(), 1e-6);
    }
  }

  @Test
  void namesThatAreTakenGetTheNextNumber() {
    Conv2d conv = Conv2d.pointwise(3, 3).build();
    Graph inner = Graph.builder("inner").input("x", IMAGE).add("a", conv).build();
    Graph graph =
        Graph.builder("g").input("in.a", IMAGE).add("in.a#2", conv).add("in", inner).build();
    assertEquals(
        List.of("in.a#2", "in.a#3"),
        random(graph).flat().graph().nodes().stream().map(Graph.Node::name).toList());
  }

  @Test
  void anOperationIsAGraphOfOneNode() {
    TensorSpec spec = TensorSpec.nchw(IMAGE);
    Weights weights = Weights.random(ADDING, 1);
    Problem problem = Problem.of(ADDING, spec);
    Program program = Program.of(problem, weights);
    assertEquals(
        Graph.builder("operation")
            .input("x0", IMAGE)
            .input("x1", IMAGE)
            .add("y", ADDING, "x0", "x1")
            .build(),
        program.graph());
    assertEquals(new GraphWeights(Map.of("y", weights)), program.weights());
    Graph graph = nested();
    Weights own = Weights.random(graph, 1);
    assertSame(graph, Program.of(graph.problem(), own).graph());
    assertSame(own, Program.of(graph.problem(), own).weights());
  }

  @Test
  void weightsMustMatch() {
    Graph graph = Graph.builder("g").input("x", IMAGE).add("a", Conv2d.of(3, 3).build()).build();
    GraphWeights none = new GraphWeights(Map.of());
    Expect.refused(() -> new Program(graph, none), "a: no weights given");
    Expect.refused(() -> Program.of(graph.problem(), none), "a: no weights given");
    Expect.refused(
        () -> Program.of(graph.problem(), Weights.random(ADDING, 1)), "given for", "graph g");
    Problem relu = Problem.of(new Activate(Activation.RELU), List.of(TensorSpec.nchw(IMAGE)));
    Expect.refused(() -> Program.of(relu, Weights.random(ADDING, 1)), "relu");
    Expect.nullRefused(() -> new Program(null, none), "graph");
  }
}
