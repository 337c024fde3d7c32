package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.graph.pass.PassReport;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** Two nodes that one kernel computes give the same bits as one after the other. */
class JoinedNodesTest {

  @BeforeEach
  void needsTheVectorApi() {
    Assumptions.assumeTrue(VectorApi.isPresent(), "skipped: no jdk.incubator.vector");
  }

  private static ConvBackend open(int threads, String bits, String fuse) {
    CpuBackendProvider provider = new CpuBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    Map<String, String> settings = Map.of("cpu.vector-bits", bits, "cpu.fuse", fuse);
    return provider.open(device, new BackendOptions(threads, Duration.ZERO, settings));
  }

  /** What a backend makes of a graph, twice, and the kernel that does it. */
  private static List<float[]> outputs(ConvBackend backend, Problem problem, String kernel) {
    List<Tensor> inputs = new ArrayList<>();
    try (Prepared prepared = backend.prepare(problem, Weights.random(problem.operation(), 3));
        Tensor output = backend.allocate(problem.destination())) {
      assertTrue(prepared.kernel().contains(kernel), prepared::kernel);
      SplittableRandom random = new SplittableRandom(9);
      for (TensorSpec spec : problem.inputs()) {
        float[] values = new float[spec.shape().elements()];
        for (int i = 0; i < values.length; i++) {
          values[i] = 4 * random.nextFloat() - 2;
        }
        inputs.add(backend.allocate(spec));
        inputs.getLast().write(values);
      }
      List<float[]> outputs = new ArrayList<>();
      try (Run run = prepared.bind(inputs, List.of(output))) {
        for (int i = 0; i < 2; i++) {
          run.run();
          outputs.add(output.read());
        }
      }
      return outputs;
    } finally {
      inputs.forEach(Tensor::close);
    }
  }

  private static void assertSameBits(Graph graph, String bits, String apart, String joined) {
    List<TensorSpec> nhwc =
        graph.inputs().stream().map(input -> TensorSpec.nhwc(input.shape())).toList();
    for (Problem problem : List.of(graph.problem(), Problem.of(graph, nhwc))) {
      float[] expected;
      try (ConvBackend backend = open(1, bits, "separable")) {
        expected = outputs(backend, problem, apart).getFirst();
      }
      for (int threads = 1; threads <= 3; threads++) {
        try (ConvBackend backend = open(threads, bits, "always")) {
          for (float[] actual : outputs(backend, problem, joined)) {
            assertArrayEquals(expected, actual, graph.name() + ", " + threads + " threads");
          }
        }
      }
    }
  }

  /** Some inverted residual of any size, stride, padding and activations. */
  private static Graph invertedResidual(SplittableRandom random) {
    Activation[] activations = {
      Activation.RELU6, Activation.HARD_SWISH, Activation.NONE, Activation.SILU
    };
    int kernel = 1 + random.nextInt(5);
    int stride = 1 + random.nextInt(3);
    int dilation = 1 + random.nextInt(2);
    int channels = 1 + random.nextInt(40);
    int expanded = channels + random.nextInt(60);
    int side = (kernel - 1) * dilation + 1;
    int[] pads = IntStream.range(0, 4).map(_ -> random.nextInt(side)).toArray();
    Shape input =
        new Shape(
            1 + random.nextInt(3), channels, side + random.nextInt(14), side + random.nextInt(14));
    Conv2d expansion =
        Conv2d.pointwise(channels, expanded)
            .bias(random.nextBoolean())
            .activation(activations[random.nextInt(4)])
            .build();
    boolean residual = random.nextBoolean();
    SeparableConv2d separable =
        SeparableConv2d.of(expanded, 1 + random.nextInt(40))
            .kernel(kernel)
            .stride(stride)
            .dilation(dilation)
            .padding(new Padding.Explicit(pads[0], pads[1], pads[2], pads[3]))
            .bias()
            .residual(residual)
            .activation(activations[random.nextInt(4)], activations[random.nextInt(4)])
            .build();
    Graph.Builder graph = Graph.builder(input + " " + expansion + " " + separable);
    graph.input("x", input);
    if (!residual) {
      return graph.add("expand", expansion).add("project", separable).build();
    }
    Shape output = separable.outputShape(expansion.outputShape(input));
    return graph
        .input("r", output)
        .add("expand", expansion, "x")
        .add("project", separable, "expand", "r")
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"128", "256", "512"})
  void invertedResiduals(String bits) {
    SplittableRandom random = new SplittableRandom(bits.hashCode());
    for (int i = 0; i < 12; i++) {
      assertSameBits(invertedResidual(random), bits, "-separable-", "-inverted-residual-");
    }
  }

  /** Rows enough for several strips, and the input itself as residual. */
  @ParameterizedTest
  @CsvSource({"40, 61, 1, 3", "41, 64, 2, 3", "33, 100, 1, 5"})
  void largeInvertedResidualsThatAddTheirInput(int height, int width, int stride, int kernel) {
    Graph.Builder graph = Graph.builder("block").input("x", new Shape(2, 16, height, width));
    graph.add("expand", Conv2d.pointwise(16, 96).bias().relu6().build());
    SeparableConv2d.Builder separable =
        SeparableConv2d.of(96, 16).kernel(kernel).stride(stride).same().bias();
    separable.activation(Activation.RELU6, Activation.NONE);
    Graph block =
        stride == 1
            ? graph.add("project", separable.residual().build(), "expand", "x").build()
            : graph.add("project", separable.build()).build();
    assertSameBits(block, "256", "-separable-", "-inverted-residual-");
  }

  @ParameterizedTest
  @CsvSource({"128, 64", "256, 72", "256, 67", "512, 67", "512, 240"})
  void gates(String bits, int channels) {
    for (boolean residual : new boolean[] {false, true}) {
      for (boolean gateFirst : new boolean[] {false, true}) {
        for (int batch = 1; batch <= 2; batch++) {
          Conv2d pointwise =
              Conv2d.pointwise(channels, 20)
                  .bias()
                  .residual(residual)
                  .activation(Activation.HARD_SWISH)
                  .build();
          Graph.Builder graph =
              Graph.builder("gated")
                  .input("x", new Shape(batch, channels, 9, 7))
                  .input("gate", new Shape(batch, channels, 1, 1))
                  .input("r", new Shape(batch, 20, 9, 7))
                  .add(
                      "product",
                      Binary.multiply(),
                      gateFirst ? "gate" : "x",
                      gateFirst ? "x" : "gate");
          Graph whole =
              residual
                  ? graph.add("y", pointwise, "product", "r").build()
                  : graph.add("y", pointwise).build();
          assertSameBits(whole, bits, "-repeated-rows", "-gated-");
        }
      }
    }
  }

  /** What is joined, and what is not and why, in the reports of the passes. */
  @Test
  void thePassesSayWhatWasJoined() {
    Graph.Builder graph = Graph.builder("net").input("x", Shape.of(16, 112, 112));
    Map<String, Integer> widths = Map.of("large", 96, "small", 48);
    for (String block : List.of("large", "small")) {
      int width = widths.get(block);
      graph.add(block + ".expand", Conv2d.pointwise(16, width).build());
      graph.add(block + ".project", SeparableConv2d.of(width, 16).stride(2).same().build());
    }
    Graph both = graph.build();
    try (ConvBackend backend = open(1, "256", "auto")) {
      List<PassReport> reports =
          backend.compile(both.problem(), (GraphWeights) Weights.random(both, 1)).reports();
      PassReport report =
          reports.stream()
              .filter(each -> each.pass().equals("fuse inverted residual"))
              .findFirst()
              .orElseThrow();
      assertEquals(List.of("large.expand and large.project"), report.changes());
      assertEquals(1, report.refusals().size());
      assertTrue(
          report.refusals().getFirst().startsWith("small.expand and small.project: "),
          report.refusals()::toString);
    }
  }
}
