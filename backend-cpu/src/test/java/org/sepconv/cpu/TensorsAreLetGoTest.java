package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.cpu.kernel.RowJob;
import org.sepconv.cpu.memory.Span;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** What has run keeps its scratch, and no tensor. */
class TensorsAreLetGoTest {
  private static final int GARBAGE_COLLECTIONS = 100;

  @Test
  void aClearedJobHasOnlyItsScratch() {
    Span scratch = Span.ofLength(1);
    RowJob job = new RowJob(scratch);
    job.fill(Span.ofLength(1), Span.ofLength(1), Span.ofLength(1), Span.ofLength(1));
    job.clear();
    assertEquals(
        List.of(scratch, Span.EMPTY, Span.EMPTY, Span.EMPTY, Span.EMPTY),
        List.of(job.scratch, job.src, job.residual, job.gate, job.dst));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aRunKeepsNoTensorAlive(int threads) throws InterruptedException {
    BackendOptions options =
        BackendOptions.defaults().withThreads(threads).withWarmUp(Duration.ZERO);
    ShapeCase shape =
        ShapeFile.parseLine("a standard in=16x40x40 out=16 padding=same residual=true");
    Problem problem = shape.problem(Layout.NHWC);
    TestData data = TestData.of(shape, DataKind.FLOATS, 1);
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()));
        Prepared prepared = backends.backend("cpu").prepare(problem, data.weights())) {
      List<WeakReference<float[]>> arrays = arraysOfARun(prepared);
      for (int i = 0; i < GARBAGE_COLLECTIONS && alive(arrays) > 0; i++) {
        System.gc();
        Thread.sleep(10);
      }
      assertEquals(0, alive(arrays), "arrays of " + arrays.size());
    }
  }

  private static long alive(List<WeakReference<float[]>> arrays) {
    return arrays.stream().map(WeakReference::get).filter(Objects::nonNull).count();
  }

  private static List<WeakReference<float[]>> arraysOfARun(Prepared prepared) {
    ConvBackend cpu = prepared.backend();
    try (Tensor src = cpu.allocate(prepared.problem().source());
        Tensor residual = cpu.allocate(prepared.problem().destination());
        Tensor dst = cpu.allocate(prepared.problem().destination())) {
      prepared.run(src, residual, dst);
      return Stream.of(src, residual, dst)
          .map(tensor -> new WeakReference<>(((CpuTensor) tensor).values().array()))
          .toList();
    }
  }
}
