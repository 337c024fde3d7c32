package org.sepconv.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;

/** Graphs on a backend that knows none: the reference, and one that knows convolutions only. */
class ComposedGraphTest {
  private static final Shape INPUT = new Shape(2, 3, 6, 5);
  private static final Conv2d CONV = Conv2d.of(3, 3).kernel(3).same().bias().relu().build();

  private static final Graph RESIDUAL =
      Graph.builder("residual")
          .input("input", INPUT)
          .add("a", CONV)
          .add("b", CONV)
          .add("sum", Binary.add(), "a", "b")
          .add("c", CONV)
          .add("pool", Reduce.globalAveragePool())
          .build("pool", "c");

  private static GraphWeights weights(Graph graph) {
    SplittableRandom random = new SplittableRandom(7);
    Map<String, Weights> weights = new HashMap<>();
    for (Graph.Node node : graph.nodes()) {
      if (node.operation() instanceof Conv2d conv) {
        weights.put(
            node.name(),
            ConvWeights.of(values(conv.filterSize(), random), values(conv.outChannels(), random)));
      }
    }
    return new GraphWeights(weights);
  }

  private static float[] values(int count, SplittableRandom random) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(-2, 3);
    }
    return values;
  }

  private static ConvBackend reference() {
    ConvBackendProvider provider = new ReferenceBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    return provider.open(device, BackendOptions.defaults());
  }

  /** What must come out, node by node. */
  private static Map<String, float[]> expected(
      ConvBackend backend, Problem problem, float[] input) {
    GraphWeights weights = weights(RESIDUAL);
    Map<String, float[]> values = new HashMap<>(Map.of("input", input));
    for (Graph.Step step : RESIDUAL.steps(problem)) {
      float[][] taken = step.node().inputs().stream().map(values::get).toArray(float[][]::new);
      values.put(
          step.node().name(), backend.convolve(step.problem(), weights.of(step.node()), taken));
    }
    return values;
  }

  private static void check(ConvBackend backend, ConvBackend reference, TensorSpec source) {
    Problem problem = Problem.of(RESIDUAL, List.of(source));
    float[] input = values(source.shape().elements(), new SplittableRandom(1));
    Map<String, float[]> expected = expected(reference, problem, input);
    try (Prepared prepared = backend.prepare(problem, weights(RESIDUAL));
        Tensor src = backend.allocate(source);
        Tensor pool = backend.allocate(problem.outputs().get(0));
        Tensor last = backend.allocate(problem.outputs().get(1));
        Run run = prepared.bind(List.of(src), List.of(pool, last))) {
      src.write(input);
      for (int i = 0; i < 3; i++) {
        run.run();
        assertArrayEquals(expected.get("pool"), pool.read());
        assertArrayEquals(expected.get("c"), last.read());
      }
    }
  }

  @Test
  void nodesRunOneAfterTheOther() {
    try (ConvBackend backend = reference()) {
      check(backend, backend, TensorSpec.nchw(INPUT));
      check(backend, backend, TensorSpec.nhwc(new Shape(1, 3, 4, 7)));
    }
  }

  @Test
  void whatTheBackendRefusesRunsOnTheHost() {
    try (ConvBackend backend = new FakeBackend("fake");
        ConvBackend reference = reference()) {
      check(backend, reference, TensorSpec.nchw(INPUT));
      Problem problem = RESIDUAL.problem();
      assertInstanceOf(Support.Yes.class, backend.supports(problem));
      try (Prepared prepared = backend.prepare(problem, weights(RESIDUAL))) {
        List<String> lines = prepared.explain().stream().map(KernelCandidate::toString).toList();
        assertTrue(
            lines.stream()
                .anyMatch(line -> line.startsWith("sum: host: yes") && line.contains("bytes")),
            lines::toString);
        assertTrue(
            lines.stream().anyMatch(line -> line.startsWith("sum: device: no")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("a: ")), lines::toString);
      }
    }
  }

  @Test
  void anotherSizeIsAdapted() {
    try (ConvBackend backend = reference();
        Prepared prepared = backend.prepare(RESIDUAL.problem(), weights(RESIDUAL))) {
      TensorSpec source = TensorSpec.nchw(new Shape(1, 3, 9, 4));
      float[] input = values(source.shape().elements(), new SplittableRandom(1));
      Problem problem = RESIDUAL.problem().withSource(source);
      try (Prepared other = prepared.withSource(source)) {
        assertEquals(problem, other.problem());
        float[] pool = backend.convolve(problem, weights(RESIDUAL), input);
        assertArrayEquals(expected(backend, problem, input).get("pool"), pool);
      }
    }
  }

  @Test
  void layoutsThatAResidualCannotHaveAreRefused() {
    Conv2d adding = Conv2d.pointwise(INPUT.c(), INPUT.c()).residual().build();
    Graph graph = Graph.builder("g").input("x", INPUT).add("sum", adding, "x", "x").build();
    Problem problem =
        new Problem(graph, List.of(TensorSpec.nchw(INPUT)), List.of(TensorSpec.nhwc(INPUT)));
    try (ConvBackend backend = reference()) {
      assertInstanceOf(Support.No.class, backend.supports(problem));
      assertThrows(
          BackendException.class,
          () -> backend.prepare(problem, Weights.filled(graph, float[]::new)));
    }
  }

  @Test
  void weightsThatAreMissingAreNamed() {
    try (ConvBackend backend = reference()) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> backend.prepare(RESIDUAL.problem(), new GraphWeights(Map.of())));
      assertTrue(refused.getMessage().contains("a: no weights"), refused::getMessage);
    }
  }

  @Test
  void aLayoutOfTheOutputIsThatOfTheValuesBetween() {
    Graph graph = Graph.builder("g").input("x", INPUT).add("a", CONV).add("b", CONV).build();
    Problem mixed =
        new Problem(graph, List.of(TensorSpec.nchw(INPUT)), List.of(TensorSpec.nhwc(INPUT)));
    float[] input = values(INPUT.elements(), new SplittableRandom(3));
    try (ConvBackend backend = reference()) {
      float[] plain = backend.convolve(graph.problem(), weights(graph), input);
      assertArrayEquals(
          Layout.NCHW.convert(INPUT, plain, Layout.NHWC),
          backend.convolve(mixed, weights(graph), input));
    }
  }
}
