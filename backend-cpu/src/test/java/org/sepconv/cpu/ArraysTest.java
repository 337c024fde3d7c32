package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** From array to array, which tensors have no part in: the same bits. */
class ArraysTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void giveWhatTensorsGive(int threads) {
    BackendOptions options =
        BackendOptions.defaults().withThreads(threads).withWarmUp(Duration.ZERO);
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()))) {
      ConvBackend backend = backends.backend("cpu");
      for (ShapeCase corner : ShapeFile.named("corners")) {
        for (Layout source : Layout.values()) {
          for (Layout destination : Layout.values()) {
            check(backend, corner, source, destination);
          }
        }
      }
    }
  }

  private static void check(
      ConvBackend backend, ShapeCase corner, Layout source, Layout destination) {
    TestData data = TestData.of(corner.convolution(), corner.input(), DataKind.FLOATS, 1);
    float[] input = Layout.NCHW.convert(corner.input(), data.input(), source);
    TensorSpec spec = new TensorSpec(corner.input(), source);
    try (Prepared prepared =
            backend.prepare(Problem.of(corner.convolution(), spec, destination), data.weights());
        Tensor src = backend.allocate(spec);
        Tensor dst = backend.allocate(prepared.problem().destination())) {
      src.write(input);
      if (data.residual().isPresent()) {
        float[] added = Layout.NCHW.convert(corner.output(), data.residual().get(), destination);
        dst.write(added);
        prepared.run(src, dst, dst);
        checkResidual(prepared, corner, input, added, dst.read());
        return;
      }
      prepared.run(src, dst);
      float[] output = new float[corner.output().elements()];
      for (int run = 0; run < 2; run++) {
        java.util.Arrays.fill(output, Float.NaN);
        prepared.run(input, output);
        assertArrayEquals(dst.read(), output, corner::name);
      }
    }
  }

  private static void checkResidual(
      Prepared prepared, ShapeCase corner, float[] input, float[] residual, float[] expected) {
    float[] kept = residual.clone();
    float[] output = new float[expected.length];
    for (int run = 0; run < 2; run++) {
      java.util.Arrays.fill(output, Float.NaN);
      prepared.run(input, residual, output);
      assertArrayEquals(expected, output, corner::name);
      assertArrayEquals(kept, residual, corner::name);
    }
    prepared.run(input, residual, residual);
    assertArrayEquals(expected, residual, () -> corner.name() + " in place");
  }
}
