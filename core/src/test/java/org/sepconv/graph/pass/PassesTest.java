package org.sepconv.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.reference.Reference;

class PassesTest {
  private static final Shape INPUT = new Shape(2, 6, 9, 8);
  private static final Predicate<Problem> ALL = _ -> true;

  private static final Conv2d EXPAND = Conv2d.pointwise(6, 12).build();
  private static final Conv2d DEPTHWISE = Conv2d.depthwise(12).kernel(3).same().build();
  private static final Conv2d PROJECT = Conv2d.pointwise(12, 6).build();

  /** As PyTorch has it: an inverted residual with everything in a node of its own. */
  private static Graph.Builder invertedResidual() {
    return Graph.builder("block")
        .input("x", INPUT)
        .add("expand", EXPAND)
        .add("expand.norm", new BatchNormalization(12))
        .add("expand.relu6", new Activate(Activation.RELU6))
        .add("depthwise", DEPTHWISE)
        .add("depthwise.norm", new BatchNormalization(12))
        .add("depthwise.relu6", new Activate(Activation.RELU6))
        .add("project", PROJECT)
        .add("project.norm", new BatchNormalization(6))
        .add("sum", Binary.add(), "x", "project.norm")
        .add("relu", new Activate(Activation.RELU));
  }

  private static Passes.Compiled compile(Graph graph, Predicate<Problem> supported) {
    GraphWeights weights = (GraphWeights) Weights.random(graph, 3);
    Passes.Compiled compiled = Passes.run(new Program(graph, weights), graph.problem(), supported);
    assertSameOutputs(graph, weights, compiled.program());
    return compiled;
  }

  /** The same values but for the rounding of folded weights. */
  private static void assertSameOutputs(Graph graph, GraphWeights weights, Program compiled) {
    for (Layout layout : Layout.values()) {
      List<TensorSpec> specs =
          graph.inputs().stream().map(input -> new TensorSpec(input.shape(), layout)).toList();
      Problem before = Problem.of(graph, specs);
      Problem after = new Problem(compiled.graph(), before.inputs(), before.outputs());
      SplittableRandom random = new SplittableRandom(1);
      float[][] inputs =
          specs.stream()
              .map(
                  spec -> {
                    float[] values = new float[spec.shape().elements()];
                    for (int i = 0; i < values.length; i++) {
                      values[i] = 4 * random.nextFloat() - 2;
                    }
                    return values;
                  })
              .toArray(float[][]::new);
      List<Reference.Result> expected = Reference.runGraph(before, weights, inputs);
      List<Reference.Result> actual = Reference.runGraph(after, compiled.weights(), inputs);
      for (int o = 0; o < expected.size(); o++) {
        assertEquals(expected.get(o).spec(), actual.get(o).spec());
        for (int i = 0; i < expected.get(o).values().length; i++) {
          double bound = expected.get(o).bounds()[i];
          assertEquals(expected.get(o).values()[i], actual.get(o).values()[i], bound);
        }
      }
    }
  }

  private static List<Operation> operations(Passes.Compiled compiled) {
    return compiled.program().graph().nodes().stream().map(Graph.Node::operation).toList();
  }

  @Test
  void anInvertedResidualBecomesTwoConvolutions() {
    Passes.Compiled compiled = compile(invertedResidual().build(), ALL);
    SeparableConv2d separable =
        new SeparableConv2d(
            DEPTHWISE.withBias(true).withActivation(Activation.RELU6),
            PROJECT.withBias(true).withResidual(true).withActivation(Activation.RELU));
    assertEquals(
        List.of(EXPAND.withBias(true).withActivation(Activation.RELU6), separable),
        operations(compiled));
    Graph.Node last = compiled.program().graph().nodes().getLast();
    assertEquals("relu", last.name(), "what it gives keeps its name");
    assertEquals(List.of("expand.relu6", "x"), last.inputs());
    assertEquals(
        List.of(
            "fold batch norm", "fuse residual", "fuse activation", "fuse depthwise and pointwise"),
        compiled.reports().stream().map(PassReport::pass).toList());
    PassReport first = compiled.reports().getFirst();
    assertEquals("fold batch norm: 3 changes, 10 -> 7 nodes", first.toString());
    assertEquals("expand.norm is a part of expand", first.changes().getFirst());
    assertEquals(first.after(), compiled.reports().get(1).before());
  }

  @Test
  void whatTheDeviceDoesNotRunStaysApart() {
    Passes.Compiled compiled =
        compile(
            invertedResidual().build(),
            problem ->
                problem.operation().activations().stream().noneMatch(Activation.RELU6::equals));
    assertEquals(
        List.of(
            EXPAND.withBias(true),
            new Activate(Activation.RELU6),
            DEPTHWISE.withBias(true),
            new Activate(Activation.RELU6),
            PROJECT.withBias(true).withResidual(true).withActivation(Activation.RELU)),
        operations(compiled));
    assertTrue(
        compile(Graph.builder("g").input("x", INPUT).add("a", EXPAND).build(), ALL)
            .reports()
            .isEmpty());
  }

  @Test
  void whatIsTakenTwiceOrGivenStays() {
    Graph.Builder builder = invertedResidual();
    Graph given = builder.build("relu", "expand.norm", "project");
    assertEquals(
        List.of(
            EXPAND.withBias(true), // its output is one of the graph's: the norm is in it
            new Activate(Activation.RELU6),
            new SeparableConv2d(DEPTHWISE.withBias(true).withActivation(Activation.RELU6), PROJECT),
            new BatchNormalization(6),
            Binary.add(),
            new Activate(Activation.RELU)),
        operations(compile(given, ALL)));
    Graph twice =
        Graph.builder("g")
            .input("x", INPUT)
            .add("a", EXPAND)
            .add("b", new Activate(Activation.RELU))
            .add("c", Binary.add(), "a", "b")
            .add("d", Binary.add(), "c", "c")
            .build();
    assertEquals(4, operations(compile(twice, ALL)).size());
  }

  @Test
  void aConvolutionWithAnActivationTakesNothingMore() {
    Conv2d done = EXPAND.withActivation(Activation.RELU);
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .input("y", new Shape(2, 12, 9, 8))
            .add("a", done, "x")
            .add("b", new BatchNormalization(12))
            .add("c", new Activate(Activation.RELU6))
            .add("d", done, "x")
            .add("e", Binary.add(), "d", "y")
            .build("c", "e");
    assertEquals(5, operations(compile(graph, ALL)).size());
  }

  @Test
  void aSumThatRepeatsOneSideIsNoResidual() {
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .input("row", new Shape(1, 12, 1, 1))
            .add("a", EXPAND, "x")
            .add("b", Binary.add(), "a", "row")
            .build();
    assertEquals(List.of(EXPAND, Binary.add()), operations(compile(graph, ALL)));
  }

  @Test
  void identitiesAndWhatIsForNothingGo() {
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .add("none", new Activate(Activation.NONE))
            .add("all", Slice.of(Axis.CHANNEL, 0, Slice.TO_END))
            .add("a", EXPAND)
            .add("idle", DEPTHWISE)
            .add("idle2", new Activate(Activation.RELU))
            .add("mean", Reduce.globalAveragePool(), "a")
            .add("flat", Reshape.flatten())
            .add("classes", PROJECT)
            .build();
    Passes.Compiled compiled = compile(graph, ALL);
    assertEquals(List.of(EXPAND, Reduce.globalAveragePool(), PROJECT), operations(compiled));
    assertEquals(List.of("x"), compiled.program().graph().nodes().getFirst().inputs());
    Graph flat =
        Graph.builder("g")
            .input("x", Shape.of(6, 1, 1))
            .add("flat", Reshape.flatten())
            .add("a", EXPAND)
            .build();
    assertEquals(2, operations(compile(flat, ALL)).size(), "of another size it is none");
    Graph only =
        Graph.builder("g").input("x", INPUT).add("y", new Activate(Activation.NONE)).build();
    assertSame(only, compile(only, ALL).program().graph(), "the output needs its name");
  }

  @Test
  void constantsAreComputedOnce() {
    Shape one = Shape.of(1, 1, 1);
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .constant("a", one)
            .constant("b", one)
            .add("c", Binary.multiply(), "a", "b")
            .add("d", new Activate(Activation.HARD_SWISH))
            .add("y", Binary.add(), "x", "d")
            .build();
    Graph compiled = compile(graph, ALL).program().graph();
    assertEquals(List.of(new Graph.Constant("d", one)), compiled.constants());
    assertEquals(1, compiled.nodes().size());
    assertEquals(
        List.of("fold constants: 2 changes, 3 -> 1 nodes"),
        compile(graph, ALL).reports().stream().map(PassReport::toString).toList());
  }

  @Test
  void zerosAroundAnImageArePadding() {
    Conv2d conv = Conv2d.of(6, 4).kernel(3).stride(2).padding(Padding.of(0, 1, 0, 0)).build();
    Padding.Explicit sides = new Padding.Explicit(1, 0, 1, 1);
    Graph.Builder builder = Graph.builder("g").input("x", INPUT).add("pad", Pad.zeros(sides));
    assertEquals(
        List.of(conv.withPadding(Padding.of(1, 1, 1, 1))),
        operations(compile(builder.add("a", conv).build(), ALL)));
    for (Pad other :
        List.of(new Pad(sides, Pad.Mode.REFLECT, 0), new Pad(sides, Pad.Mode.CONSTANT, 1))) {
      Graph graph = Graph.builder("g").input("x", INPUT).add("pad", other).add("a", conv).build();
      assertEquals(List.of(other, conv), operations(compile(graph, ALL)));
    }
  }

  @Test
  void paddingOfBothAddsUp() {
    Conv2d conv = Conv2d.of(6, 4).kernel(3).padding(Padding.of(1, 2, 3, 4)).build();
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .add("pad", Pad.zeros(new Padding.Explicit(10, 20, 30, 40)))
            .add("a", conv)
            .build();
    Passes.Compiled compiled = compile(graph, ALL);
    assertEquals(List.of(conv.withPadding(Padding.of(11, 22, 33, 44))), operations(compiled));
    assertEquals("fold padding", compiled.reports().getFirst().pass());
  }

  /** A sum of two convolutions: the branch that stands second, or that the device can add to. */
  @Test
  void oneOfTwoBranchesAddsTheOther() {
    Conv2d wide = Conv2d.of(6, 12).kernel(3).same().build();
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .add("a", EXPAND, "x")
            .add("b", wide, "x")
            .add("sum", Binary.add(), "a", "b")
            .build();
    Graph second = compile(graph, ALL).program().graph();
    assertEquals(
        List.of(
            new Graph.Node("a", EXPAND, List.of("x")),
            new Graph.Node("sum", wide.withResidual(true), List.of("x", "a"))),
        second.nodes());
    Graph first =
        compile(graph, problem -> !problem.operation().equals(wide.withResidual(true)))
            .program()
            .graph();
    assertEquals(
        List.of(
            new Graph.Node("b", wide, List.of("x")),
            new Graph.Node("sum", EXPAND.withResidual(true), List.of("x", "b"))),
        first.nodes());
    assertEquals(graph, compile(graph, _ -> false).program().graph());
    Graph adding =
        Graph.builder("g")
            .input("x", INPUT)
            .add("a", EXPAND)
            .input("y", new Shape(2, 12, 9, 8))
            .add("sum", Binary.add(), "a", "y")
            .build();
    assertEquals(
        List.of(new Graph.Node("sum", EXPAND.withResidual(true), List.of("x", "y"))),
        compile(adding, ALL).program().graph().nodes());
  }

  @Test
  void stagesStayApartWhereTheDeviceDoesNotFuseThem() {
    Graph graph =
        Graph.builder("g")
            .input("x", new Shape(2, 12, 9, 8))
            .add("a", DEPTHWISE)
            .add("b", PROJECT)
            .build();
    assertEquals(
        List.of(DEPTHWISE, PROJECT),
        operations(compile(graph, problem -> problem.operation() instanceof Conv2d)));
    assertEquals(List.of(new SeparableConv2d(DEPTHWISE, PROJECT)), operations(compile(graph, ALL)));
  }

  @Test
  void aSeparableConvolutionTakesNormSumAndActivation() {
    SeparableConv2d separable = SeparableConv2d.of(6, 6).same().build();
    Graph graph =
        Graph.builder("g")
            .input("x", INPUT)
            .add("a", separable)
            .add("norm", new BatchNormalization(6))
            .add("sum", Binary.add(), "x", "norm")
            .add("relu", new Activate(Activation.RELU))
            .build();
    Conv2d last =
        separable.pointwise().withBias(true).withResidual(true).withActivation(Activation.RELU);
    assertEquals(
        List.of(new SeparableConv2d(separable.depthwise(), last)), operations(compile(graph, ALL)));
    SeparableConv2d done = SeparableConv2d.of(6, 6).same().relu().build();
    Graph whole =
        Graph.builder("g")
            .input("x", INPUT)
            .add("a", done)
            .add("norm", new BatchNormalization(6))
            .add("b", done)
            .add("relu6", new Activate(Activation.RELU6))
            .build();
    assertEquals(
        List.of(done, new BatchNormalization(6), done, new Activate(Activation.RELU6)),
        operations(compile(whole, ALL)));
  }

  @Test
  void aTransposedConvolutionTakesItsNormAndActivation() {
    TransposedConv2d grouped =
        TransposedConv2d.of(6, 4).groups(2).kernel(2, 3).stride(2).bias().build();
    Graph graph =
        Graph.builder("upsample")
            .input("x", INPUT)
            .add("up", grouped)
            .add("norm", new BatchNormalization(4))
            .add("relu", new Activate(Activation.RELU))
            .add("again", TransposedConv2d.of(4, 1).kernel(2).stride(2).build())
            .add("shares", new Activate(Activation.SIGMOID))
            .build();
    assertEquals(
        List.of(
            grouped.withActivation(Activation.RELU),
            TransposedConv2d.of(4, 1).kernel(2).stride(2).activation(Activation.SIGMOID).build()),
        operations(compile(graph, ALL)));
  }
}
