package org.sepconv.bench.tool;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.convolutional.Conv2d;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.TestData;
import org.sepconv.reference.Reference;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * What the backend {@code djl} adds to the engine: a run of a prepared separable layer, beside the
 * same operators called on the engine's own arrays. NCHW, one thread.
 *
 * <pre>
 *   java -cp 'cli/target/lib/*' org.openjdk.jmh.Main DjlOverheadBenchmark
 * </pre>
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsPrepend = {
      "--enable-native-access=ALL-UNNAMED",
      "--sun-misc-unsafe-memory-access=allow",
      "-Xmx1g"
    })
public class DjlOverheadBenchmark {
  private static final Shape ONE = new Shape(1, 1);

  /** Channels and size of the map: the least there is, and a usual layer. */
  @Param({"1x1", "64x56"})
  public String layer;

  private Backends backends;
  private Prepared prepared;
  private OwningRun bound;
  private NDManager manager;
  private NDArray input;
  private NDArray depthwise;
  private NDArray depthwiseBias;
  private NDArray pointwise;
  private NDArray pointwiseBias;

  /** Prepares both, and compares both with the reference. */
  @Setup
  public void setup() {
    int channels = Integer.parseInt(layer.substring(0, layer.indexOf('x')));
    int size = Integer.parseInt(layer.substring(layer.indexOf('x') + 1));
    SeparableConv2d block =
        SeparableConv2d.of(channels, channels).padding(1).bias().relu6().build();
    org.sepconv.Shape shape = org.sepconv.Shape.of(channels, size, size);
    Problem problem = Problem.of(block, TensorSpec.nchw(shape));
    TestData data = TestData.of(block, shape, DataKind.FLOATS, 1);
    SeparableWeights weights = (SeparableWeights) data.weights();
    backends =
        Backends.discover(BackendOptions.defaults().withThreads(1).withWarmUp(Duration.ZERO));
    prepared = backends.backend("djl").prepare(problem, weights);
    bound = OwningRun.of(prepared, data.inputs(problem));
    bound.run();

    manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    input = manager.create(data.input(), new Shape(1, channels, size, size));
    depthwise = array(weights.depthwise(), new Shape(channels, 1, 3, 3));
    pointwise = array(weights.pointwise(), new Shape(channels, channels, 1, 1));
    depthwiseBias = manager.create(weights.depthwise().biasOrZeros(channels));
    pointwiseBias = manager.create(weights.pointwise().biasOrZeros(channels));

    Reference.Result expected = Reference.run(problem, weights, data.inputs(problem));
    float[] output = new float[problem.destination().shape().elements()];
    bound.outputs().getFirst().read(output);
    check(expected, output, "the backend");
    try (NDManager run = manager.newSubManager()) {
      check(expected, operators(run).toFloatArray(), "the engine");
    }
  }

  private NDArray array(ConvWeights weights, Shape shape) {
    return manager.create(weights.filter(), shape);
  }

  private static void check(Reference.Result expected, float[] actual, String who) {
    Agreement.of(expected, actual)
        .problem()
        .ifPresent(
            problem -> {
              throw new IllegalStateException(who + " is wrong: " + problem);
            });
  }

  private NDArray operators(NDManager run) {
    int groups = (int) input.getShape().get(1);
    NDArray between =
        Conv2d.conv2d(input, depthwise, depthwiseBias, ONE, ONE, ONE, groups).singletonOrThrow();
    between.attach(run);
    NDArray clipped = between.clip(0, 6);
    clipped.attach(run);
    NDArray out =
        Conv2d.conv2d(clipped, pointwise, pointwiseBias, ONE, new Shape(0, 0), ONE, 1)
            .singletonOrThrow();
    out.attach(run);
    NDArray result = out.clip(0, 6);
    result.attach(run);
    return result;
  }

  /** The engine's own operators, one after the other. */
  @Benchmark
  public void engine() {
    try (NDManager run = manager.newSubManager()) {
      operators(run);
    }
  }

  /** A run of the backend. */
  @Benchmark
  public void backend() {
    bound.run();
  }

  /** Gives everything back. */
  @TearDown
  public void tearDown() {
    manager.close();
    bound.close();
    prepared.close();
    backends.close();
  }
}
