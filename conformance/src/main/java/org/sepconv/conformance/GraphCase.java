package org.sepconv.conformance;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.TestData;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * A residual block and a pooling behind it, on small whole numbers: the mean of 64 pixels is exact
 * in float32 too.
 *
 * @param input in N, C, H, W order
 */
record GraphCase(Graph graph, GraphWeights weights, float[] input) {
  private static final Shape INPUT = new Shape(2, 17, 8, 8);

  static GraphCase of(long seed) {
    Conv2d expand = Conv2d.pointwise(INPUT.c(), 23).bias().relu().build();
    // With an activation of its own, so that the sum stays one.
    Conv2d depthwise = Conv2d.depthwise(23).kernel(3).same().bias().relu().build();
    Graph graph =
        Graph.builder("block")
            .input("input", INPUT)
            .add("expand", expand)
            .add("depthwise", depthwise)
            .add("sum", Binary.add(), "expand", "depthwise")
            .add("pool", Reduce.globalAveragePool())
            .build("pool", "sum");
    TestData first = TestData.of(expand, INPUT, DataKind.INTEGERS, seed);
    TestData second =
        TestData.of(depthwise, expand.outputShape(INPUT), DataKind.INTEGERS, seed + 1);
    return new GraphCase(
        graph,
        new GraphWeights(Map.of("expand", first.weights(), "depthwise", second.weights())),
        first.input());
  }

  Problem problem(Layout layout) {
    return Problem.of(graph, List.of(new TensorSpec(INPUT, layout)));
  }

  private float[] input(Problem problem) {
    return Layout.NCHW.convert(INPUT, input, problem.source().layout());
  }

  /** The outputs, node by node on the reference. */
  List<float[]> expected(Problem problem) {
    ConvBackendProvider provider = new ReferenceBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    Map<String, float[]> values = new HashMap<>(Map.of("input", input(problem)));
    try (ConvBackend reference = provider.open(device, BackendOptions.defaults())) {
      for (Graph.Step step : graph.steps(problem)) {
        Graph.Node node = step.node();
        float[][] taken = node.inputs().stream().map(values::get).toArray(float[][]::new);
        Weights own = weights.of(node);
        values.put(node.name(), reference.convolve(step.problem(), own, taken));
      }
    }
    return graph.outputs().stream()
        .map(name -> withoutNegativeZeros(Objects.requireNonNull(values.get(name))))
        .toList();
  }

  /** The outputs, of the whole graph on a backend. */
  List<float[]> run(ConvBackend backend, Problem problem) {
    try (Prepared prepared = backend.prepare(problem, weights);
        OwningRun run = OwningRun.of(prepared, new float[][] {input(problem)})) {
      run.run();
      run.run(); // what is between the nodes holds the values of the first
      return run.outputs().stream().map(output -> withoutNegativeZeros(output.read())).toList();
    }
  }

  /** Zeros are equal, whatever their sign. */
  private static float[] withoutNegativeZeros(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] += 0f;
    }
    return values;
  }
}
