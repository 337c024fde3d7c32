package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.cost.Cost;

class GraphTest {
  private static final Shape INPUT = Shape.of(4, 8, 8);
  private static final Conv2d CONV = Conv2d.of(4, 4).kernel(3).same().bias().build();

  private static Graph.Builder builder() {
    return Graph.builder("g").input("input", INPUT);
  }

  @Test
  void aResidualBlock() {
    Graph graph =
        builder()
            .add("a", CONV)
            .add("b", CONV)
            .add("sum", Binary.add(), "a", "b")
            .add("pool", Reduce.globalAveragePool())
            .build();
    List<Graph.Step> steps = graph.steps(graph.problem());
    assertEquals(
        List.of("a", "b", "sum", "pool"), steps.stream().map(step -> step.node().name()).toList());
    assertEquals(List.of("input"), graph.nodes().get(0).inputs());
    assertEquals(List.of("a"), graph.nodes().get(1).inputs());
    assertEquals(List.of("pool"), graph.outputs());
    assertEquals(List.of(INPUT, INPUT), Problem.shapes(steps.get(2).problem().inputs()));
    assertEquals(Shape.of(4, 1, 1), graph.problem().destination().shape());
    assertEquals(1, graph.inputCount());
    assertEquals(KernelKind.GRAPH, graph.kind());
    assertEquals("graph g", graph.toString());
  }

  @Test
  void inputsAndOutputsMayBeSeveral() {
    Graph graph =
        builder()
            .input("other", INPUT)
            .add("sum", Binary.add(), "input", "other")
            .add("a", CONV)
            .build("a", "sum");
    assertEquals(2, graph.inputCount());
    assertEquals("input other", graph.inputName(1));
    assertEquals(List.of(INPUT, INPUT), Problem.shapes(graph.problem().outputs()));
  }

  @Test
  void anySizeThatItsOperationsAllow() {
    Graph graph =
        builder().add("a", CONV).add("pool", Reduce.globalAveragePool()).build("a", "pool");
    Shape larger = new Shape(2, 4, 11, 13);
    assertEquals(List.of(larger, new Shape(2, 4, 1, 1)), graph.outputShapes(List.of(larger)));
    Problem problem = graph.problem().withSource(TensorSpec.nchw(larger));
    assertEquals(larger, problem.destination().shape());
    Expect.refused(() -> graph.outputShapes(List.of(Shape.of(5, 8, 8))), "a: ", "5 channels");
    Expect.refused(() -> graph.outputShapes(List.of()), "takes 1 inputs, not 0");
  }

  @Test
  void betweenTheNodesLiesWhatTheFirstOutputHas() {
    Graph graph = builder().add("a", CONV).add("b", CONV).build();
    Problem problem =
        new Problem(graph, List.of(TensorSpec.nchw(INPUT)), List.of(TensorSpec.nhwc(INPUT)));
    List<Graph.Step> steps = graph.steps(problem);
    assertEquals(Layout.NCHW, steps.getFirst().problem().source().layout());
    assertEquals(Layout.NHWC, steps.getFirst().problem().destination().layout());
    assertEquals(Layout.NHWC, steps.getLast().problem().source().layout());
  }

  @Test
  void theCostIsTheSumOfTheNodes() {
    Cost one = Cost.of(CONV, INPUT);
    assertEquals(one.plus(one), Cost.of(builder().add("a", CONV).add("b", CONV).build().problem()));
  }

  @Test
  void activationsAreThoseOfAllNodes() {
    Graph graph = builder().add("a", CONV.withActivation(Activation.SILU)).add("b", CONV).build();
    assertEquals(List.of(Activation.SILU, Activation.NONE), graph.activations());
  }

  @Test
  void aBuiltGraphDoesNotGrow() {
    Graph.Builder builder = builder().add("a", CONV);
    Graph graph = builder.build();
    builder.add("b", CONV);
    assertEquals(1, graph.nodes().size());
    assertEquals("b", builder.last());
  }

  @Test
  void listsAreCopied() {
    List<Graph.Node> nodes = new ArrayList<>();
    List<String> sources = new ArrayList<>(List.of("input"));
    nodes.add(new Graph.Node("a", CONV, sources));
    Graph graph =
        new Graph("g", List.of(new Graph.Input("input", INPUT)), List.of(), nodes, List.of("a"));
    nodes.clear();
    sources.clear();
    assertEquals(List.of("input"), graph.nodes().getFirst().inputs());
  }

  @Test
  void mistakesAreNamed() {
    Expect.refused(
        () -> builder().add("a", CONV).add("a", CONV).build(),
        "two nodes, inputs or constants named a");
    Expect.refused(() -> builder().add("input", CONV).build(), "named input");
    Expect.refused(
        () -> builder().input("input", INPUT).add("a", CONV).build(), "two inputs named");
    Expect.refused(() -> builder().add("b", CONV, "c").build(), "b takes c", "not before it");
    Expect.refused(() -> builder().add("b", CONV, "b").build(), "b takes b");
    Expect.refused(
        () -> builder().add("b", Conv2d.pointwise(5, 5).build()).build(),
        "b: ",
        "input has 4 channels",
        "expects 5");
    Expect.refused(() -> builder().add("b", Binary.add()).build(), "b: ", "2 inputs");
    Expect.refused(() -> builder().add("b", CONV, "input", "input").build(), "1 input, not 2");
    Expect.refused(() -> builder().add("a", CONV).build("z"), "no node named z");
    Expect.refused(() -> builder().add("a", CONV).build("input"), "no node named input");
    Expect.refused(() -> builder().add("a", CONV).build("a", "a"), "two outputs named a");
    Expect.refused(() -> builder().build(), "it needs an input, a node and an output");
  }

  @Test
  void allMistakesAtOnceAndNoneThatFollowsFromAnother() {
    Graph.Builder wrong =
        builder()
            .add("a", Conv2d.pointwise(5, 5).build())
            .add("b", CONV, "a")
            .add("c", CONV, "nowhere");
    Expect.refused(wrong::build, "graph g: a: input has 4", "; c takes nowhere");
  }

  @Test
  void nullsAreNamed() {
    Expect.nullRefused(() -> Graph.builder(null).input("i", INPUT).add("a", CONV).build(), "name");
    Expect.nullRefused(() -> builder().input("i", null), "shape");
    Expect.nullRefused(() -> builder().add(null, CONV), "name");
    Expect.nullRefused(() -> builder().add("a", null), "operation");
  }

  @Test
  void weightsBelongToNodes() {
    Graph graph = builder().add("a", CONV).add("sum", Binary.add(), "input", "a").build();
    ConvWeights right = ConvWeights.of(new float[CONV.filterSize()], new float[4]);
    new GraphWeights(Map.of("a", right)).checkMatches(graph);
    Expect.refused(() -> new GraphWeights(Map.of()).checkMatches(graph), "a: no weights given");
    Expect.refused(() -> Weights.none().checkMatches(graph), "a: no weights given");
    Expect.refused(
        () -> new GraphWeights(Map.of("a", right, "z", right)).checkMatches(graph),
        "weights of z",
        "no such node");
    Expect.refused(
        () ->
            new GraphWeights(Map.of("a", ConvWeights.of(new float[1], new float[4])))
                .checkMatches(graph),
        "a: filter has 1 values");
    Expect.refused(() -> new GraphWeights(Map.of()).checkMatches(CONV), "weights of a graph");
    Expect.refused(() -> right.checkMatches(graph), "weights of a single convolution");
  }

  @Test
  void itHasWeightsIfANodeOrAConstantHas() {
    Activate relu = new Activate(Activation.RELU);
    assertFalse(builder().add("a", relu).build().hasWeights());
    assertTrue(builder().add("a", relu).add("b", CONV).build().hasWeights());
    assertTrue(builder().constant("c", INPUT).add("a", relu).build().hasWeights());
    assertTrue(builder().add("a", new BatchNormalization(4)).build().hasWeights());
  }

  @Test
  void everyOutputHasTheLooksThatTheProblemAsksFor() {
    Graph graph = builder().add("a", CONV).add("b", CONV).build("b", "a");
    Problem problem =
        new Problem(
            graph,
            List.of(TensorSpec.nchw(INPUT)),
            List.of(TensorSpec.nchw(INPUT), TensorSpec.nhwc(INPUT)));
    List<Graph.Step> steps = graph.steps(problem);
    assertEquals(Layout.NHWC, steps.getFirst().problem().destination().layout());
    assertEquals(Layout.NCHW, steps.getLast().problem().destination().layout());
  }

  @Test
  void weightsOfNobodyAreRefused() {
    Graph graph = builder().constant("c", INPUT).add("sum", Binary.add(), "input", "c").build();
    ConstantWeights values = new ConstantWeights(new float[INPUT.elements()]);
    new GraphWeights(Map.of("c", values, "sum", Weights.none())).checkMatches(graph);
    Expect.refused(
        () -> new GraphWeights(Map.of("c", values, "d", values)).checkMatches(graph),
        "weights of d",
        "graph g has no such node or constant");
  }
}
