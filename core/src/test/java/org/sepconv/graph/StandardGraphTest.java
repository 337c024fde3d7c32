package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.Operation;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.cost.Cost;

class StandardGraphTest {
  private static final Conv2d DEPTHWISE =
      Conv2d.depthwise(4, 2).kernel(3, 5).stride(2, 1).dilation(1, 2).same().bias().relu6().build();
  private static final Conv2d POINTWISE = Conv2d.pointwise(8, 6).bias().build();

  /** Of kernel, strides, dilation and padding of the one, channels and activation of both. */
  private static final Conv2d STANDARD =
      Conv2d.of(4, 6).kernel(3, 5).stride(2, 1).dilation(1, 2).same().bias().build();

  private static Graph.Builder graph() {
    return Graph.builder("g").input("x", Shape.of(4, 9, 9));
  }

  private static Graph.Node node(String name, Operation operation, String... inputs) {
    return new Graph.Node(name, operation, List.of(inputs));
  }

  @Test
  void aSeparableConvolutionBecomesTheOneThatItReplaces() {
    Graph separable = graph().add("block", new SeparableConv2d(DEPTHWISE, POINTWISE)).build();
    Graph standard = StandardGraph.of(separable);
    assertEquals("g_standard", standard.name());
    assertEquals(separable.inputs(), standard.inputs());
    assertEquals(List.of("block"), standard.outputs());
    assertEquals(List.of(node("block", STANDARD, "x")), standard.nodes());
  }

  @Test
  void soDoesAPair() {
    Graph pair =
        graph()
            .add("depthwise", DEPTHWISE)
            .add("pointwise", POINTWISE)
            .add("last", Conv2d.pointwise(6, 3).build())
            .build();
    assertEquals(
        List.of(
            node("pointwise", STANDARD, "x"),
            node("last", Conv2d.pointwise(6, 3).build(), "pointwise")),
        StandardGraph.of(pair).nodes());
  }

  @Test
  void normsAndActivationsBetweenThemGoToo() {
    Graph pair =
        graph()
            .add("depthwise", DEPTHWISE)
            .add("norm", new BatchNormalization(8))
            .add("relu", new Activate(Activation.RELU))
            .add("pointwise", POINTWISE)
            .add("last", new BatchNormalization(6))
            .build();
    assertEquals(
        List.of(
            node("pointwise", STANDARD, "x"), node("last", new BatchNormalization(6), "pointwise")),
        StandardGraph.of(pair).nodes());
  }

  @Test
  void whatScalesBetweenThemKeepsThem() {
    Graph scaled =
        graph()
            .add("depthwise", DEPTHWISE)
            .add("scaled", Binary.multiply(), "depthwise", "depthwise")
            .add("pointwise", POINTWISE)
            .build();
    assertEquals(scaled.nodes(), StandardGraph.of(scaled).nodes());
    Graph elsewhere =
        graph()
            .add("depthwise", DEPTHWISE)
            .add("norm", new BatchNormalization(8))
            .add("pointwise", POINTWISE)
            .build("norm", "pointwise");
    assertEquals(elsewhere.nodes(), StandardGraph.of(elsewhere).nodes());
  }

  @Test
  void residualAndActivationAreThoseOfThePointwiseStage() {
    Conv2d first = Conv2d.depthwise(4).kernel(3).same().bias().relu().build();
    Conv2d second = Conv2d.pointwise(4, 4).residual().activation(Activation.HARD_SWISH).build();
    Conv2d whole =
        Conv2d.of(4, 4).kernel(3).same().residual().activation(Activation.HARD_SWISH).build();
    Graph pair = graph().add("d", first).add("p", second, "d", "x").build();
    assertEquals(List.of(node("p", whole, "x", "x")), StandardGraph.of(pair).nodes());
  }

  @Test
  void whatElseIsTakenStays() {
    Graph taken =
        graph()
            .add("d", Conv2d.depthwise(4).kernel(3).same().build())
            .add("p", Conv2d.pointwise(4, 4).build())
            .add("sum", Binary.add(), "d", "p")
            .build();
    assertEquals(taken.nodes(), StandardGraph.of(taken).nodes());
    Graph given =
        graph()
            .add("d", Conv2d.depthwise(4).kernel(3).same().build())
            .add("p", Conv2d.pointwise(4, 4).build())
            .build("d", "p");
    assertEquals(given.nodes(), StandardGraph.of(given).nodes());
    assertEquals(List.of("d", "p"), StandardGraph.of(given).outputs());
  }

  @Test
  void whatIsNoPairStays() {
    Graph strides =
        graph()
            .add("d", Conv2d.depthwise(4).kernel(3).same().build())
            .add("p", Conv2d.pointwise(4, 4).stride(2).build())
            .build();
    assertEquals(strides.nodes(), StandardGraph.of(strides).nodes());
    Graph plain =
        graph()
            .add("a", Conv2d.of(4, 4).kernel(3).same().build())
            .add("p", Conv2d.pointwise(4, 4).build())
            .build();
    assertEquals(plain.nodes(), StandardGraph.of(plain).nodes());
    assertSame(plain.nodes().getFirst(), StandardGraph.of(plain).nodes().getFirst());
  }

  /** As {@code cost} counts them layer by layer; of V1 4.87 G, as its paper says in table 4. */
  @ParameterizedTest
  @CsvSource({"mobilenet_v1, 4867293184", "mobilenet_v2, 1224972288"})
  void wholeNetworks(String name, long macs) {
    Graph network = Networks.of(name, 224, 1);
    Graph standard = StandardGraph.of(network);
    assertEquals(macs, Cost.of(standard.problem()).macs());
    assertEquals(network.problem().outputs(), standard.problem().outputs());
    assertEquals(
        0,
        standard.nodes().stream()
            .map(node -> node.operation().kind())
            .filter(List.of(KernelKind.SEPARABLE, KernelKind.DEPTHWISE)::contains)
            .count());
  }
}
