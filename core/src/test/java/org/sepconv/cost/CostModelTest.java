package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.ElementType;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.KernelKind;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.TransposedConv2d;

/** Predictions by hand, for a device of round numbers. */
class CostModelTest {
  private static final double RELATIVE = 1e-12;

  /** 1 GFLOP/s, half of it for standard and a quarter for depthwise convolutions. */
  private static DeviceProfile device(double bandwidth, double launchSeconds) {
    return new DeviceProfile(
        "by hand",
        1e9,
        bandwidth,
        launchSeconds,
        Map.of(
            KernelKind.STANDARD, 0.5,
            KernelKind.GROUPED, 0.1,
            KernelKind.DEPTHWISE, 0.25,
            KernelKind.POINTWISE, 1.0));
  }

  private static void assertPredicted(
      double seconds, String bound, Convolution convolution, Shape input, DeviceProfile device) {
    Prediction prediction =
        CostModel.predict(Problem.of(convolution, TensorSpec.nchw(input)), device);
    assertEquals(seconds, prediction.seconds(), RELATIVE * seconds);
    assertTrue(prediction.explanation().startsWith(bound + "-bound"), prediction.explanation());
  }

  @Test
  void computeBound() {
    // 100 pixels, 10 -> 10 channels: 20,000 FLOPs at 1 GFLOP/s, and 8,400 bytes at 1 TB/s.
    assertPredicted(
        20e-6 + 1e-6,
        "compute",
        Conv2d.pointwise(10, 10).build(),
        Shape.of(10, 10, 10),
        device(1e12, 1e-6));
  }

  @Test
  void memoryBound() {
    // The same 8,400 bytes at 100 MB/s.
    assertPredicted(
        84e-6 + 1e-6,
        "memory",
        Conv2d.pointwise(10, 10).build(),
        Shape.of(10, 10, 10),
        device(1e8, 1e-6));
  }

  @Test
  void launchBound() {
    assertPredicted(
        84e-6 + 1e-3,
        "launch",
        Conv2d.pointwise(10, 10).build(),
        Shape.of(10, 10, 10),
        device(1e8, 1e-3));
  }

  @Test
  void everyKindHasItsEfficiency() {
    DeviceProfile device = device(1e15, 0);
    Shape input = Shape.of(4, 10, 10);
    // 100 * 4 * 4 * 9 MACs at half, a tenth; 100 * 4 * 9 at a quarter of the peak.
    Conv2d standard = Conv2d.of(4, 4).kernel(3).same().build();
    assertPredicted(28_800e-9 / 0.5, "compute", standard, input, device);
    assertPredicted(
        14_400e-9 / 0.1, "compute", standard.toBuilder().groups(2).build(), input, device);
    assertPredicted(
        7_200e-9 / 0.25, "compute", standard.toBuilder().groups(4).build(), input, device);
  }

  @Test
  void separableComputesBothStagesAndMovesNothingBetween() {
    SeparableConv2d separable = SeparableConv2d.of(4, 8).stride(2).same().build();
    Shape input = Shape.of(4, 10, 10);
    // 25 pixels: 25 * 4 * 9 MACs depthwise at a quarter, 25 * 4 * 8 MACs pointwise at the peak.
    assertPredicted(1_800e-9 / 0.25 + 1_600e-9, "compute", separable, input, device(1e15, 0));
    // 400 values in, 200 out, 36 + 32 weights.
    assertPredicted(4 * 668 / 1e6, "memory", separable, input, device(1e6, 0));
  }

  @Test
  void kindsThatTheProfileDoesNotKnowArePredictedToo() {
    TensorSpec spec = TensorSpec.nchw(Shape.of(10, 10, 10));
    // 1,000 additions, and three times 4,000 bytes.
    Problem add = Problem.of(Binary.add(), List.of(spec, spec));
    DeviceProfile slow = device(1e8, 1e-6);
    assertEquals(12_000 / 1e8 + 1e-6, CostModel.predict(add, slow).seconds(), 1e-15);
    DeviceProfile wide = device(1e15, 0);
    double share = wide.efficiency(KernelKind.ELEMENTWISE);
    assertEquals(1e-6 / share, CostModel.predict(add, wide).seconds(), 1e-15);
    // 4,000 bytes in, 40 out.
    Problem pool = Problem.of(Reduce.globalAveragePool(), List.of(spec));
    Prediction prediction = CostModel.predict(pool, slow);
    assertEquals(4_040 / 1e8 + 1e-6, prediction.seconds(), 1e-15);
    assertEquals("memory", prediction.bound());
  }

  @Test
  void smallerValuesMoveFaster() {
    Conv2d conv = Conv2d.pointwise(10, 10).build();
    TensorSpec half = TensorSpec.nchw(Shape.of(10, 10, 10)).withType(ElementType.FLOAT16);
    // Half of the 8,400 bytes of float32 values.
    assertEquals(
        42e-6 + 1e-6,
        CostModel.predict(Problem.of(conv, half), device(1e8, 1e-6)).seconds(),
        1e-15);
  }

  @Test
  void theExplanationHasEveryTerm() {
    Problem problem =
        Problem.of(Conv2d.pointwise(10, 10).build(), TensorSpec.nchw(Shape.of(10, 10, 10)));
    assertEquals(
        "memory-bound: 0.020 ms computing, 0.084 ms moving 0.01 MB, 0.001 ms launch",
        CostModel.predict(problem, device(1e8, 1e-6)).explanation());
  }

  @Test
  void theLimitIsTheSlowerOfPeakAndBandwidth() {
    // 20,000 FLOPs at 1 GFLOP/s, whatever a kernel reaches; or 8,400 bytes at 100 MB/s.
    Problem pointwise =
        Problem.of(Conv2d.pointwise(10, 10).build(), TensorSpec.nchw(Shape.of(10, 10, 10)));
    assertEquals(20e-6, CostModel.limitSeconds(pointwise, device(1e12, 1)), 1e-15);
    assertEquals(84e-6, CostModel.limitSeconds(pointwise, device(1e8, 1)), 1e-15);
    Problem depthwise =
        Problem.of(
            Conv2d.depthwise(10).kernel(3).same().build(), TensorSpec.nchw(Shape.of(10, 10, 10)));
    assertEquals(18e-6, CostModel.limitSeconds(depthwise, device(1e12, 1)), 1e-15);
  }

  /** What every operation without an activation of its own takes is moving its bytes. */
  @Test
  void operationsThatOnlyMove() {
    TensorSpec spec = TensorSpec.nchw(Shape.of(10, 10, 10));
    for (Operation operation :
        List.of(
            new BatchNormalization(10),
            new SquareRoot(),
            Pool2d.max(1, 1, Padding.valid()),
            Reshape.flatten(),
            new ResizeLinear(Resampling.to(10, 10, Resampling.Coordinates.HALF_PIXEL)),
            new Softmax(Axis.CHANNEL))) {
      Problem problem = Problem.of(operation, List.of(spec));
      double weights = operation instanceof BatchNormalization ? 160 : 0;
      assertEquals(
          (8_000 + weights) / 1e8 + 1e-6,
          CostModel.predict(problem, device(1e8, 1e-6)).seconds(),
          1e-15,
          operation.toString());
    }
    // 1,000 sums of 10 products, at a tenth of the peak.
    Problem product = Problem.of(new MatrixProduct(), List.of(spec, spec));
    assertEquals(200e-6 + 1e-6, CostModel.predict(product, device(1e8, 1e-6)).seconds(), 1e-15);
    assertEquals(3_000, CostModel.values(product));
  }

  @Test
  void activationsAddTheirTime() {
    DeviceProfile device =
        new DeviceProfile(
            "by hand",
            new Ceilings(
                1e-6,
                1e9,
                List.of(new Ceilings.Bandwidth(1, 1e8)),
                List.of(),
                Map.of("Silu", 1e-9, "Gelu", 1e-8, "Gather", 1e-6)),
            Map.of());
    Activation silu = Activation.SILU;
    Activation gelu = Activation.GELU;
    TensorSpec spec = TensorSpec.nchw(Shape.of(4, 10, 10));
    SeparableConv2d separable =
        SeparableConv2d.of(4, 6).stride(2).same().activation(silu, gelu).build();
    Map<Operation, Double> expected =
        Map.of(
            Conv2d.pointwise(4, 6).activation(silu).build(),
            600e-9,
            TransposedConv2d.of(4, 6).activation(gelu).build(),
            6_000e-9,
            new Activate(silu),
            400e-9,
            new Activate(Activation.RELU),
            0.0,
            separable,
            100e-9 + 1_500e-9); // 5 x 5 pixels of 4, then of 6 channels
    expected.forEach(
        (operation, seconds) -> {
          Prediction prediction = CostModel.predict(Problem.of(operation, List.of(spec)), device);
          double added =
              prediction.terms().stream()
                  .filter(term -> term.name().equals(CostModel.ACTIVATION))
                  .mapToDouble(Term::seconds)
                  .sum();
          assertEquals(seconds, added, 1e-15, operation.toString());
        });
    // 400 values read, 400 written.
    Problem shuffle = Problem.of(Gather.channelShuffle(4, 2), List.of(spec));
    assertEquals(800e-6 + 1e-6, CostModel.predict(shuffle, device).seconds(), 1e-12);
  }

  @Test
  void ofTwoThatTakeAsLongComputingBounds() {
    // 512 FLOPs and 512 bytes, in a second each.
    Conv2d conv = Conv2d.pointwise(8, 8).build();
    Map<KernelKind, Double> peak = Map.of(KernelKind.POINTWISE, 1.0);
    for (double launch : new double[] {0, 1}) {
      DeviceProfile even = new DeviceProfile("even", 512, 512, launch, peak);
      assertPredicted(1 + launch, "compute", conv, Shape.of(8, 2, 2), even);
    }
  }

  @Test
  void aNetworkTakesTheSumOfItsNodes() {
    Conv2d conv = Conv2d.pointwise(10, 10).build();
    Graph graph =
        Graph.builder("g").input("x", Shape.of(10, 10, 10)).add("a", conv).add("b", conv).build();
    Prediction prediction = CostModel.predict(graph.problem(), device(1e8, 1e-6));
    assertEquals(2 * 85e-6, prediction.seconds(), 1e-15);
    assertEquals("moving", prediction.bound());
    assertEquals(168e-6, prediction.terms().getFirst().seconds(), 1e-15);
  }
}
