package org.sepconv.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
import org.sepconv.Pad;
import org.sepconv.Padding;
import org.sepconv.Pool2d;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.Resampling;
import org.sepconv.Reshape;
import org.sepconv.ResizeLinear;
import org.sepconv.ResizeNearest;
import org.sepconv.Shape;
import org.sepconv.Slice;
import org.sepconv.Softmax;
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.TensorSpec;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.cases.Agreement;
import org.sepconv.cases.OperationCase;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.RandomOperations;
import org.sepconv.cpu.layout.ChannelBlocks;
import org.sepconv.cpu.memory.Span;
import org.sepconv.reference.Reference;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/** What the conformance suite cannot see of operations that are no convolutions. */
@DisplayName("operations")
class OperationsTest {
  private static final Shape LARGE = new Shape(2, 40, 33, 29);

  /** Cases of each kind. */
  private static final int CASES = 40;

  /**
   * A family, forced.
   *
   * @param lanes of a block; empty for all channels
   */
  enum Family {
    SCALAR("kernels", "scalar", Optional.empty()),
    BITS_128("vector-bits", "128", Optional.of(4)),
    BITS_256("vector-bits", "256", Optional.of(8)),
    BITS_512("vector-bits", "512", Optional.of(16));

    private final String setting;
    private final String value;
    private final Optional<Integer> lanes;

    Family(String setting, String value, Optional<Integer> lanes) {
      this.setting = setting;
      this.value = value;
      this.lanes = lanes;
    }

    private ConvBackend open(int threads) {
      Assumptions.assumeTrue(
          this == SCALAR || VectorApi.isPresent(),
          "skipped: vector kernels need the module jdk.incubator.vector");
      BackendOptions options =
          BackendOptions.defaults()
              .withThreads(threads)
              .withWarmUp(Duration.ZERO)
              .with("cpu." + setting, value);
      return new CpuBackendProvider().open(new DeviceInfo("cpu", "test", Map.of()), options);
    }

    private ChannelBlocks blocks(Tensor tensor) {
      Shape shape = tensor.spec().shape();
      return ChannelBlocks.ofVectors(shape, lanes.orElse(shape.c()));
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("whatever lies past the last channel, and the rows of zeros stay zeros")
  void lanesPastTheLastChannelAndRowsOfZeros(Family family) {
    try (ConvBackend cpu = family.open(2)) {
      for (RandomOperations.Kind kind : RandomOperations.Kind.values()) {
        for (int i = 0; i < CASES; i++) {
          OperationCase drawn = RandomOperations.of(kind, 3, i);
          String what = "%s %d: %s".formatted(kind, i, drawn.problem());
          try (Prepared prepared = cpu.prepare(drawn.problem(), drawn.weights());
              OwningRun run = OwningRun.of(prepared, drawn.ordered())) {
            run.inputs().forEach(tensor -> poison(family, tensor));
            run.run();
            Tensor output = run.outputs().getFirst();
            Agreement agreement =
                Agreement.of(
                    Reference.run(drawn.problem(), drawn.weights(), drawn.ordered()),
                    drawn.exact(),
                    output.read(),
                    output.spec().layout());
            assertEquals(Optional.empty(), agreement.problem(), what);
            assertTrue(hasRowsOfZeros(family, output), what);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("softmax of long and of many lines, along each axis, and powers of one exponent")
  void softmaxAndPowersOfAllSizes(Family family) {
    List<Shape> shapes =
        List.of(
            new Shape(1, 21, 31, 29),
            new Shape(2, 700, 1, 40),
            new Shape(1, 1000, 1, 1),
            new Shape(1, 8, 50, 196),
            new Shape(1, 3, 5, 301),
            new Shape(1, 1, 40, 663),
            new Shape(3, 40, 2, 700));
    try (ConvBackend cpu = family.open(2)) {
      for (Shape shape : shapes) {
        for (Axis axis : Axis.values()) {
          check(cpu, new Softmax(axis), shape);
        }
        for (float exponent : new float[] {2, 3, 0.5f, -1.5f, 5}) {
          Shape one = new Shape(1, 1, 1, 1);
          float[] values = values(shape, exponent > 3 ? -4 : 0);
          values[values.length / 2] = Float.POSITIVE_INFINITY;
          check(
              cpu,
              new Binary(Binary.Function.POWER),
              List.of(shape, one),
              List.of(values, new float[] {exponent}));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("a transposed convolution of each channel alone, with a part of a block")
  void transposedDepthwise(Family family) {
    TransposedConv2d upsampling =
        TransposedConv2d.of(40, 40)
            .groups(40)
            .kernel(4, 5)
            .stride(2, 3)
            .padding(new Padding.Explicit(1, 2, 1, 1))
            .bias(true)
            .build();
    Shape shape = new Shape(2, 40, 7, 9);
    Weights weights = Weights.random(upsampling, 5);
    try (ConvBackend cpu = family.open(2)) {
      Problem problem = Problem.of(upsampling, List.of(TensorSpec.nchw(shape)));
      OperationCase drawn = new OperationCase(problem, weights, List.of(values(shape, -4)), false);
      assertEquals(Outcome.PASSED, drawn.check(cpu));
    }
  }

  private static void check(ConvBackend cpu, Operation operation, Shape shape) {
    check(cpu, operation, List.of(shape), List.of(values(shape, -4)));
  }

  private static float[] values(Shape shape, float least) {
    SplittableRandom random = new SplittableRandom(shape.elements());
    float[] values = new float[shape.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = least + 8 * random.nextFloat();
    }
    return values;
  }

  private static void check(
      ConvBackend cpu, Operation operation, List<Shape> shapes, List<float[]> values) {
    Problem problem = Problem.of(operation, shapes.stream().map(TensorSpec::nchw).toList());
    OperationCase drawn = new OperationCase(problem, Weights.none(), values, false);
    assertEquals(Outcome.PASSED, drawn.check(cpu), problem::toString);
  }

  /** NaN in every lane past the last channel. */
  private static void poison(Family family, Tensor tensor) {
    ChannelBlocks blocks = family.blocks(tensor);
    Span values = ((CpuTensor) tensor).values();
    int used = blocks.shape().c() - (blocks.count() - 1) * blocks.block();
    for (int n = 0; n < blocks.shape().n(); n++) {
      for (int y = 0; y < blocks.shape().h(); y++) {
        int row = values.offset() + blocks.row(n, blocks.count() - 1, y);
        for (int i = 0; i < blocks.rowFloats(); i++) {
          if (i % blocks.block() >= used) {
            values.array()[row + i] = Float.NaN;
          }
        }
      }
    }
  }

  private static boolean hasRowsOfZeros(Family family, Tensor tensor) {
    ChannelBlocks blocks = family.blocks(tensor);
    Span values = ((CpuTensor) tensor).values();
    for (int n = 0; n < blocks.shape().n(); n++) {
      for (int b = 0; b < blocks.count(); b++) {
        int row = values.offset() + blocks.row(n, b, -1);
        for (int i = 0; i < blocks.rowFloats(); i++) {
          if (values.array()[row + i] != 0) {
            return false;
          }
        }
      }
    }
    return true;
  }

  /** Operations on so many values that every thread has some. */
  static Stream<Arguments> large() {
    Shape channels = new Shape(2, 40, 1, 1);
    return Stream.of(
            Arguments.of(Binary.add(), List.of(LARGE, LARGE)),
            Arguments.of(Binary.multiply(), List.of(LARGE, channels)),
            Arguments.of(new Binary(Binary.Function.POWER), List.of(channels, LARGE)),
            Arguments.of(
                new Binary(Binary.Function.DIVIDE), List.of(LARGE, new Shape(2, 1, 33, 29))),
            Arguments.of(new Activate(Activation.SILU), List.of(LARGE)),
            Arguments.of(new Activate(Activation.RELU6), List.of(LARGE)),
            Arguments.of(new SquareRoot(), List.of(LARGE)),
            Arguments.of(new BatchNormalization(40), List.of(LARGE)),
            Arguments.of(Reduce.globalAveragePool(), List.of(new Shape(2, 160, 33, 29))),
            Arguments.of(
                new Reduce(Reduce.Function.SUM, Set.of(Axis.CHANNEL)),
                List.of(new Shape(1, 200, 33, 29))),
            Arguments.of(Pool2d.average(3, 2, Padding.same()), List.of(LARGE)),
            Arguments.of(Pool2d.max(3, 1, Padding.same()), List.of(LARGE)),
            Arguments.of(new Softmax(Axis.CHANNEL), List.of(LARGE)),
            Arguments.of(
                new MatrixProduct(), List.of(new Shape(1, 9, 33, 29), new Shape(1, 1, 29, 40))),
            Arguments.of(new Concat(Axis.CHANNEL, 2), List.of(LARGE, LARGE)),
            Arguments.of(Gather.channelShuffle(40, 4), List.of(LARGE)),
            Arguments.of(Slice.of(Axis.CHANNEL, 3, 40), List.of(LARGE)),
            Arguments.of(Pad.zeros(new Padding.Explicit(1, 2, 3, 4)), List.of(LARGE)),
            Arguments.of(
                new Transpose(List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL)),
                List.of(LARGE)),
            Arguments.of(ResizeNearest.by(2), List.of(LARGE)),
            Arguments.of(
                new ResizeLinear(Resampling.to(50, 41, Resampling.Coordinates.HALF_PIXEL)),
                List.of(LARGE)),
            Arguments.of(
                new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW),
                List.of(new Shape(2, 96, 33, 29))),
            Arguments.of(new SpaceToDepth(2), List.of(new Shape(2, 40, 34, 30))),
            Arguments.of(
                TransposedConv2d.of(40, 24).kernel(2).stride(2).bias().build(), List.of(LARGE)),
            Arguments.of(
                TransposedConv2d.of(40, 1)
                    .kernel(2)
                    .stride(2)
                    .activation(Activation.SIGMOID)
                    .build(),
                List.of(LARGE)),
            Arguments.of(
                TransposedConv2d.of(40, 64).groups(2).kernel(4).stride(2).padding(1).build(),
                List.of(LARGE)),
            Arguments.of(
                TransposedConv2d.of(40, 40).groups(40).kernel(4).stride(2).padding(1).build(),
                List.of(LARGE)),
            Arguments.of(Reshape.flatten(), List.of(LARGE)))
        .flatMap(
            of ->
                Stream.of(Family.values())
                    .map(family -> Arguments.of(family, of.get()[0], of.get()[1])));
  }

  @ParameterizedTest(name = "{0} {1} of {2}")
  @MethodSource("large")
  void theSameBitsOnAnyNumberOfThreads(Family family, Operation operation, List<Shape> shapes) {
    Problem problem = Problem.of(operation, shapes.stream().map(TensorSpec::nchw).toList());
    SplittableRandom random = new SplittableRandom(1);
    float[][] inputs =
        shapes.stream().map(shape -> values(random, shape.elements())).toArray(float[][]::new);
    Weights weights = Weights.filled(operation, count -> values(random, count));
    float[] alone = run(family, 1, problem, weights, inputs);
    Agreement agreement = Agreement.of(Reference.run(problem, weights, inputs), alone);
    assertEquals(Optional.empty(), agreement.problem());
    assertArrayEquals(alone, run(family, 3, problem, weights, inputs));
  }

  private static float[] run(
      Family family, int threads, Problem problem, Weights weights, float[][] inputs) {
    try (ConvBackend cpu = family.open(threads)) {
      return cpu.convolve(problem, weights, inputs);
    }
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = 4 * random.nextFloat() + 0.5f;
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void anOutputTakesThePlaceOfAnInput(Family family) {
    Shape channels = new Shape(2, 40, 1, 1);
    Problem sum = Problem.of(Binary.add(), List.of(TensorSpec.nchw(LARGE), TensorSpec.nchw(LARGE)));
    Problem difference =
        Problem.of(
            new Binary(Binary.Function.SUBTRACT),
            List.of(TensorSpec.nchw(channels), TensorSpec.nchw(LARGE)));
    try (ConvBackend cpu = family.open(2);
        Prepared add = cpu.prepare(sum, Weights.none());
        Prepared subtract = cpu.prepare(difference, Weights.none());
        Tensor tensor = cpu.allocate(TensorSpec.nchw(LARGE));
        Tensor zeros = cpu.allocate(TensorSpec.nchw(channels))) {
      float[] values = values(new SplittableRandom(1), LARGE.elements());
      tensor.write(values);
      add.run(tensor, tensor, tensor);
      subtract.run(zeros, tensor, tensor);
      for (int i = 0; i < values.length; i++) {
        values[i] *= -2;
      }
      assertArrayEquals(values, tensor.read());
    }
  }

  /**
   * Between the nodes all values lie in one array: what is still needed must not be overwritten.
   */
  @ParameterizedTest
  @EnumSource
  void inAGraphWhatIsUsedTwiceStays(Family family) {
    Shape shape = new Shape(1, 21, 9, 9);
    Graph graph =
        Graph.builder("twice")
            .input("input", shape)
            .add("root", new SquareRoot())
            .add("sigmoid", new Activate(Activation.SIGMOID), "root")
            .add("sum", Binary.add(), "root", "sigmoid")
            .add("pool", Reduce.globalAveragePool())
            .add("scaled", Binary.multiply(), "sum", "pool")
            .add("both", new Concat(Axis.CHANNEL, 2), "scaled", "sum")
            .add("shuffled", Gather.channelShuffle(42, 2))
            .add("max", Pool2d.max(3, 2, Padding.same()))
            .add("again", new Activate(Activation.SILU))
            .add("difference", new Binary(Binary.Function.SUBTRACT), "max", "again")
            .add("conv", Conv2d.depthwise(42).kernel(3).same().build())
            .build();
    Problem problem = Problem.of(graph, List.of(TensorSpec.nchw(shape)));
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    float[] input = values(new SplittableRandom(1), shape.elements());
    try (ConvBackend cpu = family.open(2);
        Prepared prepared = cpu.prepare(problem, weights);
        OwningRun run = OwningRun.of(prepared, new float[][] {input})) {
      Reference.Result expected = Reference.runGraph(problem, weights, input).getFirst();
      for (int round = 0; round < 2; round++) {
        run.run();
        float[] actual = run.outputs().getFirst().read();
        assertEquals(Optional.empty(), Agreement.of(expected, actual).problem());
      }
    }
  }

  /** The sigmoid of lanes that hold no channel is no zero. */
  @ParameterizedTest
  @EnumSource
  void reductionsOverChannelsLeaveOutWhatIsNone(Family family) {
    Shape shape = new Shape(2, 21, 5, 7);
    Graph.Builder builder =
        Graph.builder("reductions")
            .input("input", shape)
            .add("negative", new Unary(Unary.Function.NEGATIVE))
            .add("sigmoid", new Activate(Activation.SIGMOID))
            .add("below", new Unary(Unary.Function.NEGATIVE));
    List<String> names = new ArrayList<>();
    for (Reduce.Function function : Reduce.Function.values()) {
      for (Set<Axis> axes :
          List.of(
              Set.of(Axis.CHANNEL),
              Set.of(Axis.CHANNEL, Axis.HEIGHT),
              Set.of(Axis.CHANNEL, Axis.WIDTH),
              Set.of(Axis.CHANNEL, Axis.HEIGHT, Axis.WIDTH))) {
        String name = function + " " + axes.stream().sorted().toList();
        builder.add(name, new Reduce(function, axes), "below");
        names.add(name);
      }
    }
    Graph graph = builder.build(names.toArray(String[]::new));
    Problem problem = Problem.of(graph, List.of(TensorSpec.nchw(shape)));
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    float[] input = values(new SplittableRandom(1), shape.elements());
    try (ConvBackend cpu = family.open(2);
        Prepared prepared = cpu.prepare(problem, weights);
        OwningRun run = OwningRun.of(prepared, new float[][] {input})) {
      run.run();
      List<Reference.Result> expected = Reference.runGraph(problem, weights, input);
      assertEquals(12, expected.size());
      for (int i = 0; i < expected.size(); i++) {
        float[] actual = run.outputs().get(i).read();
        assertEquals(Optional.empty(), Agreement.of(expected.get(i), actual).problem());
      }
    }
  }
}
