package org.sepconv.bench.implementation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Reshape;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;

/** Whole networks: every implementation agrees with our own backend. */
class NetworkTest {
  /**
   * Of the largest output: EfficientNet-B0 with random weights is 1e-4 from the float64 reference
   * on every engine.
   */
  private static final double TOLERANCE = 5e-4;

  /** Sums that can and cannot be residuals of a convolution, inputs that are used twice, a pool. */
  private static final Graph KNOTS =
      Graph.builder("knots")
          .input("a", Shape.of(8, 9, 11))
          .add("l", SeparableConv2d.of(8, 8).same().bias().build(), "a")
          .add("b", Conv2d.pointwise(8, 8).bias().build(), "a")
          .add("c", Binary.add(), "b", "a") // the residual is an input
          .add("d", Conv2d.of(8, 8).kernel(3).same().relu().build(), "c")
          .add("e", Binary.add(), "d", "c") // an activation stands between
          .add("f", Conv2d.depthwise(8).same().build(), "e")
          .add("g", Binary.add(), "f", "f") // with itself
          .add("h", Conv2d.pointwise(8, 8).build(), "g")
          .add("i", Binary.add(), "h", "g")
          .add("j", Binary.add(), "h", "i") // h is taken twice
          .add("k", Conv2d.pointwise(8, 8).activation(Activation.HARD_SWISH).build(), "j")
          .add("m", Binary.add(), "k", "l") // l is there before what is added to it
          .add("n", Reduce.globalAveragePool())
          .add("o", Conv2d.pointwise(8, 5).bias().build())
          .build();

  /** What squeeze-and-excitation does, with constants. */
  private static final Graph SQUEEZE =
      Graph.builder("squeeze")
          .input("x", Shape.of(8, 7, 5))
          .constant("shift", Shape.of(8, 1, 1))
          .add("shifted", Binary.add(), "shift", "x")
          .add("mean", Reduce.globalAveragePool())
          .add("less", Conv2d.pointwise(8, 2).bias().relu().build())
          .add("more", Conv2d.pointwise(2, 8).bias().build())
          .add("scaled", Binary.multiply(), "more", "shifted")
          .build();

  /** One of each operation; what oneDNN is not asked for, it refuses. */
  private static final Graph EVERYTHING =
      Graph.builder("everything")
          .input("x", Shape.of(8, 7, 6))
          .constant("two", Shape.of(1, 1, 1))
          .add("norm", new BatchNormalization(8))
          .add("clamped", new Activate(new Activation.Clamp(-1, 2)))
          .add("same", new Activate(Activation.NONE))
          .add("silu", new Activate(Activation.SILU))
          .add("less", new Binary(Binary.Function.SUBTRACT), "silu", "two")
          .add("square", Binary.multiply(), "less", "less")
          .add("root", new SquareRoot())
          .add("power", new Binary(Binary.Function.POWER), "root", "square")
          .add("ratio", new Binary(Binary.Function.DIVIDE), "less", "power")
          .add("max", Pool2d.max(3, 1, Padding.of(1)), "silu")
          .add("average", Pool2d.average(3, 1, Padding.of(1)), "silu")
          .add(
              "padded",
              new Pool2d(Pool2d.Function.AVERAGE, 3, 3, 1, 1, Padding.of(1), true),
              "silu")
          .add("all", new Concat(Axis.CHANNEL, 4), "max", "average", "padded", "ratio")
          .add("shuffled", Gather.channelShuffle(32, 4))
          .add("part", new Slice(Axis.CHANNEL, 1, 32, 2))
          .add("reflected", new Pad(new Padding.Explicit(1, 2, 0, 1), Pad.Mode.REFLECT, 0))
          .add("bordered", new Pad(new Padding.Explicit(0, 1, 1, 0), Pad.Mode.CONSTANT, 0.5f))
          .add("turned", new Transpose(List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL)))
          .add("back", new Transpose(List.of(Axis.BATCH, Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT)))
          .add("mean", new Reduce(Reduce.Function.MEAN, Set.of(Axis.CHANNEL)), "turned")
          .add("sum", new Reduce(Reduce.Function.SUM, Set.of(Axis.WIDTH)), "mean")
          .add("most", new Reduce(Reduce.Function.MAX, Set.of(Axis.CHANNEL)), "back")
          .add("product", new MatrixProduct(), "turned", "most")
          .add("both", Binary.add(), "product", "sum")
          .add("shares", new Softmax(Axis.HEIGHT))
          .add("flat", Reshape.flatten())
          .build();

  /** One for all: each loads the library anew, and a JVM has room for a few of them only. */
  private static final OneDnn ONEDNN = new OneDnn(1);

  /** Networks with operations that oneDNN is not asked for: they are no peers here. */
  private static final Set<String> NOT_ASKED_OF_ONEDNN =
      Set.of("xception", "shufflenet_v2", "ds_cnn", "convnext_tiny");

  static Stream<Graph> graphs() {
    return Stream.concat(
        Networks.names().stream().map(name -> Networks.of(name, 64, 1)), Stream.of(KNOTS, SQUEEZE));
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
    assertTrue(largest > 1e-3 && largest < 1e4, "values of ordinary size: " + largest);
    for (Implementation implementation :
        List.of(Implementations.named("cpu[nchw,cold]"), new OnnxRuntime(), ONEDNN)) {
      if (implementation instanceof OneDnn && NOT_ASKED_OF_ONEDNN.contains(graph.name())) {
        IllegalStateException refused =
            assertThrows(IllegalStateException.class, () -> run(implementation, work, 2));
        assertTrue(refused.getMessage().contains("oneDNN is not asked for"), refused::getMessage);
        continue;
      }
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
  void everyOperationIsThatOfOnnx() {
    Workload work = workload(EVERYTHING, 2);
    float[] expected = run(Implementations.named("reference"), work, 1);
    float[] actual = run(new OnnxRuntime(), work, 1);
    assertArrayEquals(expected, actual, 1e-5f);
    assertTrue(
        IntStream.range(0, expected.length).mapToObj(i -> expected[i]).distinct().count() > 20,
        "not all the same");
  }

  @Test
  void oneDnnRefusesWhatItIsNotAskedFor() {
    String message =
        assertThrows(IllegalStateException.class, () -> ONEDNN.prepare(workload(EVERYTHING, 1), 1))
            .getMessage();
    assertTrue(message.contains("oneDNN is not asked for: batch norm of 8 channels"), message);
  }

  @Test
  void sumsBecomeResidualsWhereNothingElseTakesThem() {
    Weights weights = Weights.random(KNOTS, 1);
    FlatGraph flat = FlatGraph.of(KNOTS.problem(), weights);
    assertEquals(15, flat.nodes().size(), "the separable convolution is two");
    List<String> sums =
        FlatGraph.fused(KNOTS.problem(), weights).nodes().stream()
            .filter(node -> node.operation() instanceof Binary)
            .map(FlatGraph.Node::name)
            .toList();
    assertEquals(List.of("e", "g", "i", "j", "m"), sums);
  }

  @Test
  void kernelsOfOneNameAreCounted() {
    assertEquals("a + 2x b", KernelNames.joined(List.of("a", "b", "b")));
  }
}
