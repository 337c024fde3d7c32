package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;

/** Weights are packed once for all who prepare the same object. */
@DisplayName("shared weights")
class SharedWeightsTest {
  private static final int GARBAGE_COLLECTIONS = 100;

  private CpuBackend backend;

  @BeforeEach
  void open() {
    backend =
        (CpuBackend)
            new CpuBackendProvider()
                .open(
                    new DeviceInfo("cpu", "test", Map.of()),
                    BackendOptions.defaults().withWarmUp(Duration.ZERO));
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private static float[] run(Prepared prepared, TestData data) {
    Problem problem = prepared.problem();
    float[] output = new float[problem.destination().shape().elements()];
    prepared.run(data.inputs(problem)[0], output);
    return output;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a separable in=19x28x28 out=40 padding=same bias=true",
        "a depthwise in=19x28x28 padding=same bias=true",
        "a pointwise in=48x28x28 out=40 bias=true",
        "a standard in=9x28x28 out=40 kernel=3 bias=true",
        "a grouped in=12x28x28 out=40 groups=4 kernel=3 bias=true"
      })
  void otherSizesPackNothingAgain(String line) {
    ShapeCase shape = ShapeFile.parseLine(line);
    TestData data = TestData.of(shape, DataKind.FLOATS, 1);
    try (Prepared prepared = backend.prepare(shape.problem(Layout.NHWC), data.weights())) {
      int packed = backend.packedWeights().size();
      assertTrue(packed > 0, "something is packed");
      // Not so small that another tile is better, which wants another order of the weights.
      Shape smaller = new Shape(2, shape.input().c(), 19, 23);
      ShapeCase other = new ShapeCase("b", shape.convolution(), smaller);
      TestData otherData = TestData.of(other, DataKind.FLOATS, 2);
      TensorSpec source = TensorSpec.nhwc(smaller);
      try (Prepared adapted = prepared.withSource(source);
          Prepared anew = backend.prepare(other.problem(Layout.NHWC), data.weights())) {
        assertEquals(packed, backend.packedWeights().size());
        assertEquals(other.problem(Layout.NHWC), adapted.problem());
        assertArrayEquals(run(anew, otherData), run(adapted, otherData));
      }
    }
  }

  @Test
  void otherWeightsOfTheSameValuesArePackedApart() {
    ShapeCase shape = ShapeFile.parseLine("a pointwise in=48x8x8 out=40");
    Problem problem = shape.problem(Layout.NCHW);
    TestData data = TestData.of(shape, DataKind.FLOATS, 1);
    TestData equal = TestData.of(shape, DataKind.FLOATS, 1);
    try (Prepared first = backend.prepare(problem, data.weights())) {
      int packed = backend.packedWeights().size();
      try (Prepared second = backend.prepare(problem, equal.weights())) {
        assertEquals(2 * packed, backend.packedWeights().size());
        assertArrayEquals(run(first, data), run(second, data));
      }
    }
  }

  @Test
  void theLastUserTakesThemAlong() throws InterruptedException {
    ShapeCase shape = ShapeFile.parseLine("a separable in=19x8x8 out=40 padding=same");
    TestData data = TestData.of(shape, DataKind.FLOATS, 1);
    backend.prepare(shape.problem(Layout.NCHW), data.weights()).close();
    for (int i = 0; i < GARBAGE_COLLECTIONS && backend.packedWeights().size() > 0; i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertEquals(0, backend.packedWeights().size());
  }
}
