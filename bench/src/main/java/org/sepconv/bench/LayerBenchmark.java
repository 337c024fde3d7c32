package org.sepconv.bench;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.DataKind;
import org.sepconv.conformance.ShapeCase;
import org.sepconv.conformance.ShapeFile;
import org.sepconv.conformance.TestData;
import org.sepconv.reference.Reference;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.PreparedConvolution;
import org.sepconv.spi.Tensor;

/**
 * One run of a prepared layer, data and weights in place. Before it is timed, its answer is
 * compared with the reference; a wrong one ends the fork.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class LayerBenchmark {

  /** Name of a shape file of the conformance suite. */
  @Param("mobilenet_v1")
  public String shapes;

  /** Name of a case in it. */
  @Param("block1")
  public String layer;

  /** As {@link Backends#backend} takes it. */
  @Param("cpu")
  public String backend;

  @Param("NHWC")
  public Layout layout;

  /** Threads of the backend; JMH itself uses one. */
  @Param("1")
  public int threads;

  private Backends backends;
  private PreparedConvolution prepared;
  private Tensor src;
  private Tensor dst;

  /** Prepares the layer and checks what it computes. */
  @Setup
  public void setup() {
    ShapeCase shape =
        ShapeFile.named(shapes).stream()
            .filter(candidate -> candidate.name().equals(layer))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(shapes + " has no layer " + layer));
    TensorSpec spec = new TensorSpec(shape.input(), layout);
    TestData data = TestData.of(shape.convolution(), shape.input(), DataKind.FLOATS, 1);
    float[] input = Layout.NCHW.convert(shape.input(), data.input(), layout);
    backends =
        Backends.discover(BackendOptions.defaults().withThreads(threads).withWarmUp(Duration.ZERO));
    ConvBackend device = backends.backend(backend);
    prepared = device.prepare(shape.convolution(), data.weights(), spec);
    src = device.allocate(spec);
    dst = device.allocate(prepared.destination());
    src.write(input);
    prepared.run(src, dst);
    check(Reference.run(shape.convolution(), data.weights(), spec, input), dst.read());
  }

  private void check(Reference.Result expected, float[] actual) {
    for (int i = 0; i < actual.length; i++) {
      if (!expected.accepts(i, actual[i])) {
        throw new IllegalStateException(
            "%s computes %s at %d, but the reference %s"
                .formatted(prepared.kernel(), actual[i], i, expected.values()[i]));
      }
    }
  }

  /** One run. */
  @Benchmark
  public void run() {
    prepared.run(src, dst);
  }

  /** Gives everything back. */
  @TearDown
  public void tearDown() {
    prepared.close();
    src.close();
    dst.close();
    backends.close();
  }
}
