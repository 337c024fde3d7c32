package org.sepconv.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.sepconv.onnx.Engines.check;
import static org.sepconv.onnx.ModelBuilder.integer;
import static org.sepconv.onnx.ModelBuilder.ints;
import static org.sepconv.onnx.ModelBuilder.real;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Operation;

/** Activations and batch norms that exporters write out in parts: what is made of them. */
class ActivationPartsTest {
  private static ModelBuilder image(int opset) {
    return new ModelBuilder(opset).input("x", -1, 4, -1, -1).weights("w", 6, 4, 3, 3);
  }

  private static List<String> operations(Graph graph) {
    return graph.nodes().stream().map(Graph.Node::operation).map(Operation::toString).toList();
  }

  @Test
  void hardSwishInParts() throws Exception {
    ModelBuilder parts =
        image(11)
            .number("three", 3)
            .number("zero", 0)
            .number("six", 6)
            .node("Conv", "x w", "a")
            .node("Add", "a three", "b")
            .node("Clip", "b zero six", "c")
            .node("Mul", "a c", "d")
            .node("Div", "d six", "y")
            .output("y");
    Graph graph = check(parts, 1, 4, 8, 8);
    assertEquals(List.of(new Activate(Activation.HARD_SWISH)), last(graph, 1));
    assertEquals(2, graph.nodes().size());
    Graph older =
        check(
            image(9)
                .number("three", 3)
                .number("sixth", 1 / 6.0)
                .node("Conv", "x w", "a")
                .node("Add", "a three", "b")
                .node("Clip", "b", "c", real("min", 0), real("max", 6))
                .node("Mul", "c sixth", "d")
                .node("Mul", "d a", "y")
                .output("y"),
            1,
            4,
            8,
            8);
    assertEquals(List.of(new Activate(Activation.HARD_SWISH)), last(older, 1));
  }

  private static List<Operation> last(Graph graph, int count) {
    return graph.nodes().reversed().stream().limit(count).map(Graph.Node::operation).toList();
  }

  @Test
  void aGateOfOtherSlopeIsAPartOfTheConvolution() throws Exception {
    Graph graph =
        check(
            image(13)
                .node("Conv", "x w", "a")
                .node("HardSigmoid", "a", "y", real("alpha", 0.2), real("beta", 0.5))
                .output("y"),
            1,
            4,
            5,
            5);
    assertEquals(2, graph.nodes().size());
    assertEquals(List.of(new Activate(new Activation.Clamp(0, 1))), last(graph, 1));
  }

  @Test
  void swishAndItsHardSister() throws Exception {
    Graph graph =
        check(
            image(13)
                .node("Conv", "x w", "a")
                .node("Sigmoid", "a", "b")
                .node("Mul", "b a", "c")
                .node("HardSigmoid", "c", "d", real("alpha", 1 / 6.0), real("beta", 0.5))
                .node("Mul", "c d", "y")
                .output("y"),
            1,
            4,
            5,
            5);
    assertEquals(
        List.of(new Activate(Activation.HARD_SWISH), new Activate(Activation.SILU)),
        last(graph, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void geluInParts(int form) throws Exception {
    ModelBuilder model =
        image(13)
            .number("root", Math.sqrt(2))
            .number("one", 1)
            .number("half", 0.5)
            .node("Conv", "x w", "a")
            .node("Div", "a root", "b")
            .node("Erf", "b", "c")
            .node("Add", "c one", "d");
    switch (form) {
      case 0 -> model.node("Mul", "a d", "e").node("Mul", "e half", "y");
      case 1 -> model.node("Mul", "a half", "e").node("Mul", "e d", "y");
      default -> model.node("Mul", "d half", "e").node("Mul", "a e", "y");
    }
    Graph graph = check(model.output("y"), 1, 4, 5, 5);
    assertEquals(List.of(new Activate(Activation.GELU)), last(graph, 1));
    assertEquals(2, graph.nodes().size());
  }

  @Test
  void factorsAndSummandsOfChannelsAreFolded() throws Exception {
    Graph graph =
        check(
            image(13)
                .weights("factor", 1, 6, 1, 1)
                .weights("summand", 6, 1, 1)
                .weights("divisor", 0.5, 2, 1, 1, 6, 1, 1)
                .number("less", 0.3)
                .node("Conv", "x w", "a")
                .node("Mul", "factor a", "b")
                .node("Add", "b summand", "c")
                .node("Sub", "c less", "d")
                .node("Relu", "d", "e")
                .node("Div", "e divisor", "y")
                .output("y"),
            2,
            4,
            6,
            5);
    assertEquals(3, graph.nodes().size(), () -> operations(graph).toString());
    assertTrue(((Conv2d) graph.nodes().getFirst().operation()).bias());
  }

  @Test
  void whatIsTakenTwiceIsNotFolded() throws Exception {
    check(
        image(13)
            .weights("summand", 6, 1, 1)
            .integers("same", 0, 6, -1)
            .node("Conv", "x w", "a")
            .node("Reshape", "a same", "flat")
            .node("Add", "a summand", "b")
            .output("b")
            .output("flat"),
        1,
        4,
        6,
        5);
  }

  @Test
  void curvesInParts() throws Exception {
    check(
        new ModelBuilder(18)
            .input("x", 2, 6, 5, 7)
            .weights("slope", 6, 1, 1)
            .node("PRelu", "x slope", "a")
            .node("Elu", "x", "b", real("alpha", 0.7))
            .node("Selu", "x", "c")
            .node("Softplus", "x", "d")
            .node("Mish", "x", "e")
            .node("Softsign", "x", "f")
            .node("LogSoftmax", "x", "g", integer("axis", 1))
            .node("Max", "a b c", "h")
            .node("Min", "d e f", "i")
            .output("g")
            .output("h")
            .output("i"),
        2,
        6,
        5,
        7);
  }
}
