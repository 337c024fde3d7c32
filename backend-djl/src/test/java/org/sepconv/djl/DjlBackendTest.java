package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** What is particular to this backend; what every backend must do is in the conformance suite. */
class DjlBackendTest {
  private static DjlBackend backend;

  @BeforeAll
  static void open() {
    backend = open(2);
  }

  @AfterAll
  static void close() {
    backend.close();
  }

  private static DjlBackend open(int threads) {
    DeviceInfo device = new DeviceInfo("djl", "test", Map.of());
    return (DjlBackend)
        new DjlBackendProvider().open(device, BackendOptions.defaults().withThreads(threads));
  }

  private static org.sepconv.Shape image(int c, int h, int w) {
    return org.sepconv.Shape.of(c, h, w);
  }

  @Test
  void deviceSaysWhatWasStarted() {
    Map<String, String> properties = backend.device().properties();
    assertTrue(properties.get("engine").matches("PyTorch \\d+\\.\\d+\\.\\d+"), "" + properties);
    assertTrue(properties.get("engine start").matches("\\d+ ms"), "" + properties);
    int processors = Runtime.getRuntime().availableProcessors();
    assertEquals("" + Math.min(2, processors), properties.get("threads"));
  }

  @Test
  void usesNoMoreThreadsThanThereAreProcessors() {
    try (DjlBackend many = open(BackendOptions.MAX_THREADS)) {
      int processors = Runtime.getRuntime().availableProcessors();
      assertEquals("" + processors, many.device().properties().get("threads"));
    }
  }

  @Test
  void settingsAreRefused() {
    BackendOptions options = BackendOptions.defaults().with("djl.speed", "high");
    DeviceInfo device = new DeviceInfo("djl", "test", Map.of());
    DjlBackendProvider provider = new DjlBackendProvider();
    assertThrows(IllegalArgumentException.class, () -> provider.open(device, options));
  }

  @Test
  void outputsAreDenseInTheLayoutOfTheDestination() {
    for (Layout source : Layout.values()) {
      for (Layout destination : Layout.values()) {
        for (Conv2d conv :
            List.of(
                Conv2d.depthwise(64).kernel(3).padding(Padding.of(1)).build(),
                Conv2d.pointwise(64, 96).activation(Activation.RELU).build(),
                Conv2d.of(64, 8).kernel(3).padding(Padding.of(0, 1, 1, 0)).build())) {
          assertDense(conv, source, destination);
        }
      }
    }
  }

  private static void assertDense(Conv2d conv, Layout source, Layout destination) {
    TensorSpec spec = new TensorSpec(image(64, 28, 28), source);
    ConvWeights weights = ConvWeights.of(new float[conv.filterSize()]);
    try (Prepared prepared = backend.prepare(Problem.of(conv, spec, destination), weights);
        Tensor src = backend.allocate(spec);
        Tensor dst = backend.allocate(prepared.problem().destination())) {
      prepared.run(src, dst);
      int before = backend.arrays();
      dst.read();
      // The engine attaches the dense copy that it makes of other arrays to the same manager.
      assertEquals(
          before,
          backend.arrays(),
          () -> conv + ", " + source + " to " + destination + " is copied when it is read");
    }
  }

  @Test
  void valuesAreCopiedInWindows() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        PtNDArray dense = (PtNDArray) manager.zeros(new Shape(10, 100))) {
      HostCopy.write(dense, MemorySegment.ofArray(values), 256);
      assertArrayEquals(values, dense.toFloatArray());
      float[] read = new float[1000];
      HostCopy.read(dense, MemorySegment.ofArray(read), 512);
      assertArrayEquals(values, read);
    }
  }

  @Test
  void destinationCanBeWrittenAfterARun() {
    Conv2d conv = Conv2d.pointwise(2, 3).build();
    for (Layout layout : Layout.values()) {
      TensorSpec spec = new TensorSpec(image(2, 2, 2), layout);
      try (Prepared prepared =
              backend.prepare(Problem.of(conv, spec), ConvWeights.of(new float[6]));
          Tensor src = backend.allocate(spec);
          Tensor dst = backend.allocate(prepared.problem().destination())) {
        prepared.run(src, dst);
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
        dst.write(values);
        assertArrayEquals(values, dst.read());
      }
    }
  }

  @Test
  void arrayLivesAsLongAsItIsUsed() {
    TensorSpec spec = TensorSpec.nchw(image(1, 2, 2));
    try (Tensor tensor = backend.allocate(spec)) {
      tensor.write(new float[] {1, 2, 3, 4});
      SharedArray used = ((DjlTensor) tensor).acquire();
      ((DjlTensor) tensor).fill(backend.zeros(spec));
      assertArrayEquals(new float[] {1, 2, 3, 4}, used.array().toFloatArray());
      used.release();
      assertTrue(used.array().isReleased());
      assertFalse(used.acquire());
      assertArrayEquals(new float[4], tensor.read());
    }
  }

  @Test
  void tensorThatIsBeingWrittenCannotBeRead() {
    try (Tensor tensor = backend.allocate(TensorSpec.nchw(image(1, 2, 2)))) {
      ((DjlTensor) tensor).vacate();
      IllegalStateException refused = assertThrows(IllegalStateException.class, tensor::read);
      assertTrue(refused.getMessage().contains("is being written by a run"));
    }
  }

  @Test
  void everythingIsFreedWithItsOwner() {
    SeparableConv2d separable =
        SeparableConv2d.of(8, 8).padding(Padding.same()).stride(2).bias().build();
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(new float[72], new float[8]),
            ConvWeights.of(new float[64], new float[8]));
    TensorSpec spec = TensorSpec.nhwc(image(8, 9, 9));
    int before = backend.arrays();
    for (int i = 0; i < 3; i++) {
      try (Prepared prepared = backend.prepare(Problem.of(separable, spec), weights);
          Tensor src = backend.allocate(spec);
          Tensor dst = backend.allocate(prepared.problem().destination())) {
        src.write(new float[8 * 81]);
        prepared.run(src, dst);
        dst.read();
        assertEquals(before + 2, backend.arrays(), "two tensors, and nothing else");
      }
    }
    assertEquals(before, backend.arrays());
  }

  @Test
  void errorsOfTheEngineNameTheOperation() {
    // 250 TiB of padding for 4 pixels of output.
    Conv2d conv =
        Conv2d.of(4000, 1).stride(1 << 17).padding(Padding.of(1 << 17, 1 << 17, 0, 0)).build();
    TensorSpec spec = TensorSpec.nchw(image(4000, 1, 1));
    BackendException failure =
        assertThrows(
            BackendException.class,
            () -> backend.prepare(Problem.of(conv, spec), ConvWeights.of(new float[4000])));
    assertTrue(failure.getMessage().startsWith("djl: cannot prepare pointwise"), failure::toString);
    assertInstanceOf(RuntimeException.class, failure.getCause());
    assertFalse(failure.getMessage().contains("\n"), failure::getMessage);
  }

  @Test
  void eachBackendComputesWithItsOwnThreads() {
    try (DjlBackend one = open(1)) {
      one.useThreads();
      assertEquals(1, JniUtils.getNumThreads());
      backend.useThreads();
      int most = Runtime.getRuntime().availableProcessors();
      assertEquals(Math.min(2, most), JniUtils.getNumThreads());
    }
  }
}
