package org.sepconv.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Convolution;
import org.sepconv.ElementType;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

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
}
