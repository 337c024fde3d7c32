package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.TestData;
import org.sepconv.machine.Processor;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;

class CpuBackendProviderTest {
  private static final SeparableConv2d BLOCK =
      SeparableConv2d.of(24, 40).stride(2).same().bias().relu6().build();

  private static Backends backends(BackendOptions options) {
    return Backends.of(options, List.of(new CpuBackendProvider()));
  }

  @Test
  void isAlwaysAvailableAndSaysWhichKernelsItHas() {
    var available =
        assertInstanceOf(Availability.Available.class, new CpuBackendProvider().probe());
    DeviceInfo device = available.devices().getFirst();
    assertEquals("cpu", device.id());
    assertEquals(Processor.here().name(), device.name());
    String kernels = device.properties().get("kernels");
    assertTrue(kernels.startsWith(VectorModule.isPresent() ? "vector" : "scalar"), kernels);
    assertEquals(VectorModule.isPresent(), !kernels.contains("--add-modules"), kernels);
  }

  @ParameterizedTest
  @CsvSource({"true, true, true", "true, false, false", "false, true, false"})
  void autoTakesVectorsOnlyWithFma(boolean module, boolean multiplyAdd, boolean vectors) {
    assertEquals(vectors, VectorApi.pays(module, multiplyAdd));
  }

  @ParameterizedTest
  @CsvSource({
    "cpu.kernels, fast, auto, vector or scalar",
    "cpu.vector-bits, 100, 128, 256 or 512",
    "cpu.tile, 16x2, static",
    "cpu.fuse, sometimes, 'never, separable, auto, always'",
    "cpu.start, later, at-once or tuned",
    "cpu.tiles, 6x4, vector-bits",
  })
  void refusesWrongSettings(String key, String value, String wayOut) {
    Assumptions.assumeTrue(
        VectorModule.isPresent() || !key.endsWith("bits") && !key.endsWith("tile"),
        "no jdk.incubator.vector");
    try (Backends backends = backends(BackendOptions.defaults().with(key, value))) {
      var refused = assertThrows(IllegalArgumentException.class, () -> backends.backend("cpu"));
      assertTrue(refused.getMessage().contains(wayOut), refused.getMessage());
    }
  }

  @Test
  void refusesScalarKernelsWithAVectorLength() {
    BackendOptions options =
        BackendOptions.defaults().with("cpu.kernels", "scalar").with("cpu.vector-bits", "256");
    try (Backends backends = backends(options)) {
      assertThrows(IllegalArgumentException.class, () -> backends.backend("cpu"));
    }
  }

  @Test
  void namesItsKernels() {
    Conv2d depthwise = BLOCK.depthwise();
    String scalar = kernel(BackendOptions.defaults().with("cpu.kernels", "scalar"), depthwise);
    assertEquals("f32-depthwise-nhwc-3x3s2-scalar", scalar);
    if (VectorModule.isPresent()) {
      BackendOptions options = BackendOptions.defaults().with("cpu.vector-bits", "512");
      assertEquals("f32-depthwise-nchw16c-3x3s2-5pv16-generated", kernel(options, depthwise));
    }
  }

  private static String kernel(BackendOptions options, Conv2d conv) {
    TensorSpec spec = TensorSpec.nhwc(Shape.of(conv.inChannels(), 9, 9));
    TestData data = TestData.of(conv, spec.shape(), DataKind.FLOATS, 1);
    try (Backends backends = backends(options);
        Prepared prepared =
            backends.backend("cpu").prepare(Problem.of(conv, spec), data.weights())) {
      return prepared.kernel();
    }
  }

  @Test
  void givesTheSameBitsWhateverTheNumberOfThreads() {
    Shape input = new Shape(3, 24, 37, 29);
    for (Activation activation :
        List.of(Activation.RELU6, Activation.SILU, Activation.HARD_SWISH, Activation.GELU)) {
      SeparableConv2d block =
          SeparableConv2d.of(24, 40).same().bias().activation(activation).build();
      TestData data = TestData.of(block, input, DataKind.FLOATS, 5);
      TensorSpec spec = TensorSpec.nhwc(input);
      float[] values = Layout.NCHW.convert(input, data.input(), Layout.NHWC);
      float[] one = null;
      for (int threads : new int[] {1, 2, 3, 5, 16}) {
        try (Backends backends = backends(BackendOptions.defaults().withThreads(threads))) {
          ConvBackend cpu = backends.backend("cpu");
          float[] result = cpu.convolve(Problem.of(block, spec), data.weights(), values);
          one = one == null ? result : one;
          assertArrayEquals(one, result, 0f, activation + " on " + threads + " threads");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "scalar"})
  void keepsSubnormalNumbers(String kernels) {
    Shape input = Shape.of(24, 9, 11);
    SeparableConv2d block = SeparableConv2d.of(24, 40).same().build();
    TestData data = TestData.of(block, input, DataKind.INTEGERS, 3);
    Problem problem = Problem.of(block, TensorSpec.nchw(input));
    BackendOptions options = BackendOptions.defaults().with("cpu.kernels", kernels);
    try (Backends backends = backends(options)) {
      ConvBackend cpu = backends.backend("cpu");
      float[] whole = cpu.convolve(problem, data.weights(), data.input());
      float[] tiny = cpu.convolve(problem, data.weights(), smallest(data.input()));
      assertArrayEquals(smallest(whole), tiny);
    }
  }

  /** So many times the smallest number that there is. */
  private static float[] smallest(float[] values) {
    float[] products = values.clone();
    for (int i = 0; i < products.length; i++) {
      products[i] *= Float.MIN_VALUE;
    }
    return products;
  }

  @Test
  void takesAFilterThatReachesFarOverItsInput() {
    Conv2d conv = Conv2d.of(2, 3).kernel(2).dilation(1_000_000_000).padding(500_000_000).build();
    Shape input = Shape.of(2, 1, 1);
    TestData data = TestData.of(conv, input, DataKind.INTEGERS, 1);
    try (Backends backends = backends(BackendOptions.defaults())) {
      float[] result =
          backends
              .backend("cpu")
              .convolve(Problem.of(conv, TensorSpec.nhwc(input)), data.weights(), data.input());
      assertArrayEquals(new float[3], result);
    }
  }

  @Test
  void warmsUpFiltersThatReachAndStrideFar() {
    Shape input = Shape.of(2, 1, 1);
    int far = 1_000_000_000;
    for (Conv2d conv :
        List.of(
            Conv2d.depthwise(2).kernel(2).dilation(far).padding(far / 2).build(),
            Conv2d.depthwise(2).stride(far).build(),
            Conv2d.of(2, 3).stride(far).build())) {
      TestData data = TestData.of(conv, input, DataKind.INTEGERS, 1);
      TensorSpec spec = TensorSpec.nhwc(input);
      try (Backends backends = backends(BackendOptions.defaults());
          Prepared prepared =
              backends.backend("cpu").prepare(Problem.of(conv, spec), data.weights())) {
        assertEquals(Shape.of(conv.outChannels(), 1, 1), prepared.problem().destination().shape());
      }
    }
  }

  @Test
  void saysHowMuchMemoryIsMissing() {
    try (Backends backends = backends(BackendOptions.defaults())) {
      ConvBackend cpu = backends.backend("cpu");
      long heap = Runtime.getRuntime().maxMemory();
      Assumptions.assumeTrue(heap < 7L << 30, "the heap could hold the largest tensor");
      TensorSpec huge = TensorSpec.nhwc(new Shape(1, 1, 46_000, 46_000));
      var failure = assertThrows(BackendException.class, () -> cpu.allocate(huge));
      assertTrue(failure.getMessage().contains("MiB"), failure.getMessage());
      assertFalse(failure.getMessage().contains("null"), failure.getMessage());
    }
  }
}
