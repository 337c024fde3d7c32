package org.sepconv.bench.implementation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activation;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;

/** Whole networks: every implementation agrees with our own backend. */
class NetworkTest {
  private static final double TOLERANCE = 1e-4;

  /** Sums that can and cannot be residuals of a convolution, inputs that are used twice, a pool. */
  private static final Graph KNOTS =
      Graph.builder("knots")
          .input("a", Shape.of(8, 9, 11))
          .add("l", SeparableConv2d.of(8, 8).same().bias().build(), "a")
          .add("b", Conv2d.pointwise(8, 8).bias().build(), "a")
          .add("c", new Add(), "b", "a") // the residual is an input
          .add("d", Conv2d.of(8, 8).kernel(3).same().relu().build(), "c")
          .add("e", new Add(), "d", "c") // an activation stands between
          .add("f", Conv2d.depthwise(8).same().build(), "e")
          .add("g", new Add(), "f", "f") // with itself
          .add("h", Conv2d.pointwise(8, 8).build(), "g")
          .add("i", new Add(), "h", "g")
          .add("j", new Add(), "h", "i") // h is taken twice
          .add("k", Conv2d.pointwise(8, 8).activation(Activation.HARD_SWISH).build(), "j")
          .add("m", new Add(), "k", "l") // l is there before what is added to it
          .add("n", new GlobalAveragePool())
          .add("o", Conv2d.pointwise(8, 5).bias().build())
          .build();

  static Stream<Graph> graphs() {
    return Stream.concat(
        Networks.names().stream().map(name -> Networks.of(name, 64, 1)), Stream.of(KNOTS));
  }

  private static Workload workload(Graph graph, int batch) {
    Problem usual = graph.problem();
    Shape one = usual.source().shape();
    Problem problem =
        usual.withSource(TensorSpec.nchw(new Shape(batch, one.c(), one.h(), one.w())));
    SplittableRandom random = new SplittableRandom(5);
    float[] input = new float[problem.source().shape().elements()];
    for (int i = 0; i < input.length; i++) {
      input[i] = 2 * random.nextFloat() - 1;
    }
    return new Workload(problem, Weights.random(graph, 3), List.of(input));
  }

  private static float[] run(Implementation implementation, Workload work, int threads) {
    try (PreparedLayer prepared = implementation.prepare(work, threads)) {
      prepared.run();
      prepared.run(); // what is left from the first does not matter
      return prepared.output();
    }
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void allAgree(Graph graph) {
    Workload work = workload(graph, 2);
    float[] expected = run(Implementations.named("cpu[cold]"), work, 1);
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 1e-2 && largest < 1e3, "values of ordinary size: " + largest);
    for (Implementation implementation :
        List.of(Implementations.named("cpu[nchw,cold]"), new OnnxRuntime(), new OneDnn(1))) {
      if (implementation.unavailable().isPresent()) {
        Assumptions.abort(implementation.name() + ": " + implementation.unavailable().get());
      }
      float[] actual = run(implementation, work, 2);
      assertEquals(expected.length, actual.length);
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i], actual[i], TOLERANCE * largest, implementation.name());
      }
    }
  }

  @Test
  void sumsBecomeResidualsWhereNothingElseTakesThem() {
    FlatGraph flat = FlatGraph.of(KNOTS.problem(), Weights.random(KNOTS, 1));
    assertEquals(15, flat.nodes().size(), "the separable convolution is two");
    List<String> sums =
        flat.withResiduals().nodes().stream()
            .filter(node -> node.operation() instanceof Add)
            .map(FlatGraph.Node::name)
            .toList();
    assertEquals(List.of("y.e", "y.g", "y.i", "y.j", "y.m"), sums);
  }

  @Test
  void kernelsOfOneNameAreCounted() {
    assertEquals("a + 2x b", KernelNames.joined(List.of("a", "b", "b")));
  }
}
