package org.sepconv.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Weights;

class JoinNodesTest {
  private static final Shape INPUT = new Shape(1, 6, 5, 4);
  private static final Conv2d PROJECT = Conv2d.pointwise(12, 6).build();

  private static Graph.Builder invertedResidual() {
    return Graph.builder("block")
        .input("x", INPUT)
        .add("expand", Conv2d.pointwise(6, 12).build())
        .add("depthwise", Conv2d.depthwise(12).kernel(3).same().build())
        .add("project", PROJECT);
  }

  private static final Graph GATED =
      scaled(Binary.Function.MULTIPLY, Conv2d.pointwise(6, 3).build());

  private static Graph scaled(Binary.Function function, Conv2d conv) {
    return Graph.builder("scaled")
        .input("x", INPUT)
        .input("gate", new Shape(1, 6, 1, 1))
        .add("scaled", new Binary(function), "x", "gate")
        .add("pointwise", conv)
        .add("mean", Reduce.globalAveragePool())
        .build();
  }

  private static Passes.Compiled compile(Graph graph, Function<Problem, Optional<String>> refusal) {
    GraphWeights weights = (GraphWeights) Weights.random(graph, 3);
    return Passes.run(new Program(graph, weights), graph.problem(), _ -> true, refusal);
  }

  private static Graph joined(Passes.Compiled compiled, String pass, String change) {
    PassReport report = compiled.reports().getLast();
    assertEquals(pass, report.pass());
    assertEquals(List.of(change), report.changes());
    Graph graph = compiled.program().graph();
    assertEquals(2, graph.nodes().size());
    return assertInstanceOf(Graph.class, graph.nodes().getFirst().operation());
  }

  @Test
  void anInvertedResidualIsOneNode() {
    Graph graph = invertedResidual().add("mean", Reduce.globalAveragePool()).build();
    Passes.Compiled compiled = compile(graph, _ -> Optional.empty());
    Graph both = joined(compiled, "fuse inverted residual", "expand and project");
    assertEquals("project", both.name());
    assertEquals(
        List.of("expand", "project"), both.nodes().stream().map(Graph.Node::name).toList());
    assertInstanceOf(SeparableConv2d.class, both.nodes().getLast().operation());
    assertEquals(List.of("x"), compiled.program().graph().nodes().getFirst().inputs());
    GraphWeights own =
        (GraphWeights)
            compiled.program().weights().of(compiled.program().graph().nodes().getFirst());
    GraphWeights before = compile(graph, _ -> Optional.of("no")).program().weights();
    assertEquals(before.of(both.nodes().getFirst()), own.of(both.nodes().getFirst()));
    assertEquals(before.of(both.nodes().getLast()), own.of(both.nodes().getLast()));
  }

  @Test
  void aGateJoinsThePointwiseConvolution() {
    Passes.Compiled compiled = compile(GATED, _ -> Optional.empty());
    Graph both = joined(compiled, "fuse gate", "scaled and pointwise");
    assertEquals(List.of("x", "gate"), both.inputs().stream().map(Graph.Input::name).toList());
    assertEquals(INPUT, both.inputs().getFirst().shape());
    assertEquals(List.of("x", "gate"), compiled.program().graph().nodes().getFirst().inputs());
  }

  @Test
  void whatTheDeviceRefusesStaysApart() {
    Passes.Compiled compiled = compile(GATED, _ -> Optional.of("too small"));
    assertEquals(GATED, compiled.program().graph());
    PassReport report = compiled.reports().getLast();
    assertEquals(List.of(), report.changes());
    assertEquals(List.of("scaled and pointwise: too small"), report.refusals());
  }

  @Test
  void twoNodesAreNotPutIntoOne() {
    Passes.Compiled compiled = compile(invertedResidual().build(), _ -> Optional.empty());
    assertEquals(2, compiled.program().graph().nodes().size());
  }

  @Test
  void otherPairsAreNotAskedAbout() {
    Graph largest = scaled(Binary.Function.MAXIMUM, Conv2d.pointwise(6, 3).build());
    Graph wide = scaled(Binary.Function.MULTIPLY, Conv2d.of(6, 3).kernel(3).build());
    for (Graph graph : List.of(largest, wide)) {
      assertEquals(graph, compile(graph, _ -> Optional.empty()).program().graph());
    }
  }
}
