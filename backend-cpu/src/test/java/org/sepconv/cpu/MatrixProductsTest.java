package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.MatrixProduct;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cases.Agreement;
import org.sepconv.reference.Reference;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * Products at, below and above what a tile computes, whatever number of matrices is side by side.
 */
@DisplayName("products of matrices")
class MatrixProductsTest {

  private static ConvBackend open(int threads, String bits) {
    Assumptions.assumeTrue(
        VectorApi.isPresent(), "skipped: this JVM was started without jdk.incubator.vector");
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(threads)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", bits);
    return new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options);
  }

  private static Problem problem(Shape first, Shape second) {
    return Problem.of(
        new MatrixProduct(), List.of(TensorSpec.nchw(first), TensorSpec.nchw(second)));
  }

  private static void check(ConvBackend cpu, Shape first, Shape second) {
    SplittableRandom random = new SplittableRandom(first.hashCode());
    Problem problem = problem(first, second);
    float[][] inputs = {new float[first.elements()], new float[second.elements()]};
    for (float[] input : inputs) {
      for (int i = 0; i < input.length; i++) {
        input[i] = random.nextFloat() - 0.5f;
      }
    }
    try (Prepared prepared = cpu.prepare(problem, Weights.none());
        OwningRun run = OwningRun.of(prepared, inputs)) {
      run.run();
      Agreement agreement =
          Agreement.of(
              Reference.run(problem, Weights.none(), inputs),
              false,
              run.outputs().getFirst().read(),
              problem.destination().layout());
      assertEquals(Optional.empty(), agreement.problem(), first + " times " + second);
    }
  }

  @ParameterizedTest(name = "{0} matrices")
  @ValueSource(ints = {1, 2, 3, 4, 8, 9, 16, 17})
  void rowsAndColumnsAroundATile(int matrices) {
    for (String bits : List.of("128", "256", "512")) {
      try (ConvBackend cpu = open(2, bits)) {
        for (int rows : new int[] {1, 3, 4, 5, 9}) {
          for (int columns : new int[] {1, 7, 8, 15, 16, 17, 33}) {
            Shape first = new Shape(2, matrices, rows, 11);
            check(cpu, first, new Shape(2, matrices, 11, columns));
            check(cpu, first, new Shape(1, matrices, 11, columns));
            check(cpu, first, new Shape(1, 1, 11, columns));
            check(cpu, new Shape(1, 1, rows, 11), new Shape(2, matrices, 11, columns));
          }
        }
      }
    }
  }

  @Test
  void whatTextRecognitionNeedsIsTiled() {
    try (ConvBackend cpu = open(1, "256")) {
      for (Shape[] shapes :
          new Shape[][] {
            {new Shape(4, 1, 40, 120), new Shape(1, 1, 120, 360)},
            {new Shape(1, 8, 40, 15), new Shape(1, 8, 15, 40)},
            {new Shape(1, 8, 40, 40), new Shape(1, 8, 40, 15)}
          }) {
        try (Prepared prepared = cpu.prepare(problem(shapes[0], shapes[1]), Weights.none())) {
          assertTrue(prepared.kernel().contains("-4x2v"), prepared::kernel);
        }
      }
    }
  }
}
