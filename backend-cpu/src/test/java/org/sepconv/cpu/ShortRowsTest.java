package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.reference.Reference;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;

/**
 * Where rows of output are short, all taps of a pixel are copied; else rows are read as a window.
 */
@DisplayName("convolutions whose rows of output are short")
class ShortRowsTest {
  private static final int ROWS = 5;
  private static final int LONGEST = 17;

  private static ConvBackend open(String bits) {
    VectorModule.assumePresent();
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(2)
            .withWarmUp(Duration.ZERO)
            .with("cpu.vector-bits", bits);
    return new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options);
  }

  private static Conv2d.Builder conv() {
    return Conv2d.of(72, 70).kernel(3).bias();
  }

  private static float[] floats(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }

  private static ConvWeights weights(Conv2d conv) {
    return ConvWeights.of(floats(conv.filterSize(), 1), floats(conv.outChannels(), 2));
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(strings = {"128", "256", "512"})
  void areRight(String bits) {
    try (ConvBackend cpu = open(bits)) {
      for (int width = 1; width <= LONGEST; width++) {
        for (int stride : new int[] {1, 2}) {
          Conv2d conv = conv().stride(stride).padding(Padding.same()).build();
          Shape shape = new Shape(2, conv.inChannels(), ROWS, stride * width);
          Problem problem = Problem.of(conv, List.of(TensorSpec.nchw(shape)));
          float[] input = floats(shape.elements(), width);
          float[] output = cpu.convolve(problem, weights(conv), input);
          Agreement agreement =
              Agreement.of(
                  Reference.run(problem, weights(conv), input),
                  false,
                  output,
                  problem.destination().layout());
          assertEquals(Optional.empty(), agreement.problem(), problem::toString);
        }
      }
    }
  }

  @ParameterizedTest(name = "{0} bits")
  @ValueSource(strings = {"128", "256", "512"})
  void haveTheBitsOfLongOnes(String bits) {
    Conv2d conv = conv().padding(Padding.valid()).build();
    int columns = LONGEST + 2;
    float[] input = floats(conv.inChannels() * ROWS * columns, 3);
    try (ConvBackend cpu = open(bits)) {
      float[] all = run(cpu, conv, input, columns);
      for (int width = 1; width < LONGEST; width++) {
        float[] some = run(cpu, conv, left(input, columns, width + 2), width + 2);
        assertArrayEquals(left(all, LONGEST, width), some, width + " columns");
      }
    }
  }

  private static float[] run(ConvBackend cpu, Conv2d conv, float[] input, int columns) {
    Shape shape = Shape.of(conv.inChannels(), ROWS, columns);
    return cpu.convolve(Problem.of(conv, List.of(TensorSpec.nchw(shape))), weights(conv), input);
  }

  /** The first columns of each row. */
  private static float[] left(float[] values, int columns, int width) {
    float[] left = new float[values.length / columns * width];
    for (int row = 0; row < values.length / columns; row++) {
      System.arraycopy(values, row * columns, left, row * width, width);
    }
    return left;
  }
}
