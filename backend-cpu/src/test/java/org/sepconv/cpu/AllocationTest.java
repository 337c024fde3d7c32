package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.MatrixProduct;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Quantize;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Weights;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * A run allocates nothing on the heap, on any thread, once the JVM has compiled what it runs. The
 * JVM counts allocated bytes exactly, so that one object in a thousand runs would be seen.
 */
@Tag("own-jvm")
class AllocationTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** In a row without a byte. */
  private static final int RUNS = 500;

  private static final int FEW_RUNS = 20;

  /**
   * After this long nothing waits for the compiler any more, also where twenty others want the
   * processor: a minute was seen then.
   */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Ways through the kernels: with and without tails, borders, strips, groups, multipliers. */
  private static final List<ShapeCase> CASES =
      Stream.of(
              "depthwise depthwise in=32x14x14 kernel=3 padding=same bias=true activation=relu6",
              "depthwise.tail depthwise in=21x9x9 kernel=5 stride=2 padding=same",
              "depthwise.dilation depthwise in=16x15x15 kernel=3 dilation=2 padding=same",
              "depthwise.large depthwise in=19x9x17 kernel=5x9 padding=same activation=silu",
              "groups.of-2 grouped in=18x9x17 out=18 groups=9 padding=same activation=silu",
              "picture standard in=3x9x40 out=2 kernel=3x9 padding=same activation=silu",
              "picture.depthwise depthwise in=4x9x40 kernel=3 padding=same",
              "depthwise.far depthwise in=21x12x30 kernel=3 dilation=9 padding=same",
              "depthwise.silu depthwise in=19x9x9 kernel=3 padding=same activation=silu",
              "multiplier.two depthwise in=24x9x9 multiplier=2 kernel=3 padding=same",
              "multiplier.three depthwise in=8x9x9 multiplier=3 kernel=3 padding=same",
              "pointwise pointwise in=32x14x14 out=64 bias=true activation=relu6",
              "pointwise.tail pointwise in=13x9x9 out=35 activation=hard_swish",
              "standard standard in=16x14x14 out=32 kernel=3 padding=same",
              "standard.first standard in=3x28x28 out=32 kernel=3 stride=2 padding=same",
              "grouped grouped in=16x9x9 out=32 groups=4 kernel=3 padding=same",
              "pointwise.strided pointwise in=40x9x9 out=24 stride=2 activation=leaky_relu:0.1",
              "pointwise.deep pointwise in=512x7x7 out=48",
              "pixel pointwise in=96x1x1 out=100 bias=true activation=relu",
              "pixel.batch pointwise in=3x35x1x1 out=20 activation=silu",
              "few pointwise in=5x9x9 out=7 bias=true activation=relu",
              "ragged grouped in=12x9x9 out=20 groups=4 kernel=3 padding=same activation=silu",
              "separable separable in=32x14x14 out=64 kernel=3 padding=same activation=relu6",
              "separable.tail separable in=21x9x9 out=35 kernel=3 padding=same activation=silu",
              "separable.hard_swish separable in=21x9x9 out=35 kernel=3 padding=same activation=hard_swish",
              "depthwise.hard_swish depthwise in=21x9x9 kernel=5 padding=same activation=hard_swish",
              "separable.composed separable in=16x9x9 out=32 multiplier=3 kernel=3 padding=same",
              "residual.separable separable in=32x14x14 out=32 kernel=3 padding=same bias=true residual=true",
              "residual.depthwise depthwise in=21x9x9 kernel=3 padding=same residual=true activation=relu",
              "residual.ragged grouped in=12x9x9 out=20 groups=4 kernel=3 padding=same residual=true",
              "residual.composed separable in=16x9x9 out=16 multiplier=3 kernel=3 padding=same residual=true")
          .map(ShapeFile::parseLine)
          .toList();

  static Stream<Arguments> runs() {
    return Stream.of("vector", "scalar")
        .flatMap(kernels -> CASES.stream().map(shape -> Arguments.of(kernels, shape)))
        .flatMap(
            of -> Stream.of(1, 2).map(threads -> Arguments.of(of.get()[0], of.get()[1], threads)));
  }

  @BeforeEach
  void needACountingJvm() {
    Assumptions.assumeTrue(
        THREADS.isThreadAllocatedMemorySupported(), "this JVM does not count allocated bytes");
  }

  @ParameterizedTest(name = "{0} {1}, {2} threads")
  @MethodSource("runs")
  void aWarmRunAllocatesNothing(String kernels, ShapeCase shape, int threads)
      throws InterruptedException {
    TestData data = TestData.of(shape.convolution(), shape.input(), DataKind.FLOATS, 1);
    TensorSpec source = TensorSpec.nhwc(shape.input());
    try (Backends backends = open(kernels, threads)) {
      ConvBackend backend = backends.backend("cpu");
      try (Prepared prepared =
              backend.prepare(Problem.of(shape.convolution(), source), data.weights());
          Tensor src = backend.allocate(source);
          Tensor residual = backend.allocate(prepared.problem().destination());
          Tensor dst = backend.allocate(prepared.problem().destination())) {
        src.write(data.input());
        Runnable run =
            shape.convolution().residual()
                ? () -> prepared.run(src, residual, dst)
                : () -> prepared.run(src, dst);
        assertEquals(0, leastBytes(run), "bytes in " + RUNS + " runs");
      }
    }
  }

  /** Every kernel for operations that are no convolutions, one behind the other. */
  @ParameterizedTest(name = "{0}, {1} threads")
  @CsvSource({"vector, 1", "vector, 2", "scalar, 1", "scalar, 2"})
  void aWarmRunOfAGraphAllocatesNothing(String kernels, int threads) throws InterruptedException {
    Shape shape = new Shape(1, 21, 30, 30);
    Graph graph =
        Graph.builder("operations")
            .input("input", shape)
            .add("relu6", new Activate(Activation.RELU6))
            .add("silu", new Activate(Activation.SILU), "input")
            .add("sum", Binary.add(), "relu6", "silu")
            .add("squeeze", Reduce.globalAveragePool())
            .add("excite", Binary.multiply(), "sum", "squeeze")
            .add("norm", new BatchNormalization(21))
            .add("concat", new Concat(Axis.CHANNEL, 2), "norm", "sum")
            .add("shuffle", Gather.channelShuffle(42, 2))
            .add("slice", Slice.of(Axis.CHANNEL, 2, 40))
            .add("pad", Pad.zeros(new Padding.Explicit(1, 1, 1, 1)))
            .add("max", Pool2d.max(3, 2, Padding.valid()))
            .add("up", ResizeNearest.by(2))
            .add("down", new ResizeLinear(Resampling.to(17, 17, Resampling.Coordinates.HALF_PIXEL)))
            .add("transposed", TransposedConv2d.of(38, 38).kernel(2).padding(1).build())
            .add("grouped", TransposedConv2d.of(38, 38).groups(19).build())
            .add("average", Pool2d.average(3, 2, Padding.same()))
            .add(
                "transpose",
                new Transpose(List.of(Axis.BATCH, Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT)))
            .add("product", new MatrixProduct(), "average", "transpose")
            .add("root", new SquareRoot())
            .constant("exponent", Shape.of(1, 1, 1))
            .add("power", new Binary(Binary.Function.POWER), "root", "exponent")
            .add("quantized", Quantize.steps(0.01f, 0, -128, 127))
            .add("mean", new Reduce(Reduce.Function.MEAN, Set.of(Axis.CHANNEL)))
            .add("flatten", Reshape.flatten())
            .add("softmax", new Softmax(Axis.CHANNEL))
            .build();
    Problem problem = Problem.of(graph, List.of(TensorSpec.nchw(shape)));
    Weights weights = Weights.random(graph, 1);
    try (Backends backends = open(kernels, threads);
        Prepared prepared = backends.backend("cpu").prepare(problem, weights);
        OwningRun run = OwningRun.of(prepared)) {
      assertFalse(prepared.kernel().contains("host"), prepared.kernel());
      assertEquals(0, leastBytes(run::run), "bytes in " + RUNS + " runs");
    }
  }

  /** An inverted residual by strips, with a gate, and what squeezes to it. */
  @ParameterizedTest(name = "{0} threads")
  @ValueSource(ints = {1, 2})
  void aWarmRunOfJoinedNodesAllocatesNothing(int threads) throws InterruptedException {
    Shape shape = Shape.of(16, 30, 31);
    SeparableConv2d separable =
        SeparableConv2d.of(72, 72).same().bias().activation(Activation.HARD_SWISH).build();
    Graph graph =
        Graph.builder("joined")
            .input("x", shape)
            .add("expand", Conv2d.pointwise(16, 72).bias().relu6().build())
            .add("separable", separable)
            .add("squeeze", Reduce.globalAveragePool())
            .add("excite", Binary.multiply(), "separable", "squeeze")
            .add("project", Conv2d.pointwise(72, 16).residual().build(), "excite", "x")
            .build();
    try (Backends backends = open("vector", "always", threads);
        Prepared prepared =
            backends.backend("cpu").prepare(graph.problem(), Weights.random(graph, 1));
        OwningRun run = OwningRun.of(prepared)) {
      assertTrue(prepared.kernel().contains("-inverted-residual-"), prepared.kernel());
      assertTrue(prepared.kernel().contains("-gated-"), prepared.kernel());
      assertEquals(0, leastBytes(run::run), "bytes in " + RUNS + " runs");
    }
  }

  private static Backends open(String kernels, int threads) {
    return open(kernels, "auto", threads);
  }

  private static Backends open(String kernels, String fuse, int threads) {
    VectorModule.assumeFor(kernels);
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(threads)
            .with("cpu.kernels", kernels)
            .with("cpu.fuse", fuse);
    return Backends.of(options, List.of(new CpuBackendProvider()));
  }

  /**
   * Bytes that all threads allocate in {@link #RUNS} runs, when nothing changes any more. Until a
   * run allocates nothing the compiler has not finished, and gets the processor.
   */
  private static long leastBytes(Runnable run) throws InterruptedException {
    long[] workers =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("sepconv-cpu-"))
            .mapToLong(Thread::threadId)
            .toArray();
    long end = System.nanoTime() + PATIENCE.toNanos();
    long bytes = bytes(workers, run, RUNS);
    while (bytes > 0 && System.nanoTime() < end) {
      if (bytes(workers, run, FEW_RUNS) > 0) {
        Thread.sleep(2);
      } else {
        bytes = bytes(workers, run, RUNS);
      }
    }
    return bytes;
  }

  private static long bytes(long[] workers, Runnable run, int runs) {
    long[] before = Arrays.stream(workers).map(THREADS::getThreadAllocatedBytes).toArray();
    long own = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      run.run();
    }
    long bytes = THREADS.getCurrentThreadAllocatedBytes() - own;
    for (int i = 0; i < workers.length; i++) {
      long after = THREADS.getThreadAllocatedBytes(workers[i]);
      // Not of a thread that has ended: one of a backend before.
      bytes += after < 0 ? 0 : after - before[i];
    }
    return bytes;
  }
}
