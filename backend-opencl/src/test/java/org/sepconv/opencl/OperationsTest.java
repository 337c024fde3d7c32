package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.Conv2d;
import org.sepconv.Graph;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.RandomOperations;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Support;
import org.sepconv.spi.Tensor;

/** What no convolution is: that all of it is accepted, and which kernels it becomes. */
class OperationsTest {

  @BeforeAll
  static void requireDevice() {
    Devices.require();
  }

  private static ConvBackend open() {
    return TinyShapes.open(true, _ -> Chooser.FIRST);
  }

  /** So that rule 801 of the conformance suite skips nothing. */
  @ParameterizedTest
  @EnumSource(RandomOperations.Kind.class)
  void everyOperationIsAccepted(RandomOperations.Kind kind) {
    try (ConvBackend backend = open()) {
      for (int i = 0; i < 50; i++) {
        assertEquals(Support.YES, backend.supports(RandomOperations.of(kind, 1, i).problem()));
      }
    }
  }

  /** One launch has as many results as there are channels, which is not much for a device. */
  @Test
  void aLongMeanIsMadeInTwoLaunches() {
    try (ConvBackend backend = open();
        Prepared prepared =
            backend.prepare(
                Problem.of(
                    Reduce.globalAveragePool(), List.of(TensorSpec.nhwc(Shape.of(16, 56, 56)))),
                Weights.none())) {
      assertEquals(2, prepared.kernel().split(" \\+ ").length, prepared.kernel());
      float[] ones = new float[16 * 56 * 56];
      Arrays.fill(ones, 3);
      float[] means = new float[16];
      prepared.run(ones, means);
      for (float mean : means) {
        assertEquals(3, mean);
      }
    }
  }

  @Test
  void aSoftmaxIsFourKernels() {
    try (ConvBackend backend = open();
        Prepared prepared =
            backend.prepare(
                Problem.of(new Softmax(Axis.CHANNEL), List.of(TensorSpec.nhwc(Shape.of(40, 1, 1)))),
                Weights.none())) {
      List<String> kernels =
          prepared.explain().stream()
              .map(KernelCandidate::kernel)
              .map(OperationsTest::what)
              .toList();
      assertEquals(List.of("max", "shifted", "sum", "divide"), kernels);
    }
  }

  private static String what(String kernel) {
    return kernel.split("-")[1];
  }

  /** A residual must lie as the output, so that nothing lies in another layout than that. */
  @Test
  void aResidualInAnOutputKeepsTheLayoutOfTheOutput() {
    Graph graph =
        Graph.builder("block")
            .input("x", Shape.of(6, 5, 5))
            .add("first", Conv2d.pointwise(6, 6).build(), "x")
            .add("relu", new Activate(Activation.RELU))
            .add("second", Conv2d.pointwise(6, 6).residual(true).build(), "relu", "relu")
            .build();
    Problem problem = graph.problem();
    float[] input = new float[150];
    for (int i = 0; i < input.length; i++) {
      input[i] = i % 7 - 3;
    }
    Weights weights = Weights.random(graph, 1);
    try (ConvBackend backend = open()) {
      float[] expected = backend.convolve(problem, weights, input);
      // Without the last layer's demand NHWC lies between; the values are the same ones.
      Problem nhwc = Problem.of(graph, List.of(problem.source().withLayout(Layout.NHWC)));
      float[] turned = Layout.NCHW.convert(problem.source().shape(), input, Layout.NHWC);
      float[] actual = backend.convolve(nhwc, weights, turned);
      Shape output = problem.destination().shape();
      float[] back = Layout.NHWC.convert(output, actual, Layout.NCHW);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], back[i], 1e-5f);
      }
    }
  }

  /** Values between the nodes lie on each other in one buffer. */
  @Test
  void nodesOfAGraphShareMemory() {
    Graph.Builder builder = Graph.builder("chain").input("x", Shape.of(16, 32, 32));
    for (int i = 0; i < 6; i++) {
      builder.add("pool" + i, new Softmax(Axis.CHANNEL));
    }
    Graph graph = builder.build();
    try (ConvBackend backend = open();
        Prepared prepared = backend.prepare(graph.problem(), Weights.random(graph, 1));
        OwningRun run = OwningRun.of(prepared, new float[][] {new float[16 * 32 * 32]})) {
      long one = graph.problem().destination().bytes();
      assertTrue(prepared.bytesBetween() >= 2 * one, () -> prepared.bytesBetween() + " bytes");
      assertTrue(prepared.bytesBetween() < 3 * one, () -> prepared.bytesBetween() + " bytes");
      run.run();
      Tensor output = run.outputs().getFirst();
      float sum = 0;
      float[] values = output.read();
      for (int c = 0; c < 16; c++) {
        sum += values[c * 32 * 32];
      }
      assertEquals(1, sum, 1e-5f);
      assertEquals(6, prepared.parts().size());
    }
  }
}
