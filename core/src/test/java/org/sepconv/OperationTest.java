package org.sepconv;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operations refuse, and what they say. */
class OperationTest {
  private static final Shape SHAPE = Shape.of(4, 5, 6);

  private static void refused(Operation operation, List<Shape> inputs, String... parts) {
    Expect.refused(() -> operation.outputShapes(inputs), parts);
  }

  @Test
  void inputsAreCounted() {
    for (Operation operation :
        List.of(
            new Activate(Activation.RELU),
            new SquareRoot(),
            Quantize.steps(0.5f, 0, -128, 127),
            new Unary(Unary.Function.NEGATIVE),
            new BatchNormalization(4),
            Reduce.globalAveragePool(),
            Pool2d.max(2, 2, Padding.valid()),
            new Softmax(Axis.CHANNEL),
            Reshape.flatten(),
            Slice.of(Axis.CHANNEL, 0, 2),
            Pad.zeros(new Padding.Explicit(0, 0, 1, 1)),
            Gather.channelShuffle(4, 2),
            ResizeNearest.by(2),
            new ResizeLinear(Resampling.to(3, 3, Resampling.Coordinates.HALF_PIXEL)),
            new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW),
            new SpaceToDepth(1),
            TransposedConv2d.of(4, 2).build())) {
      assertEquals(1, operation.inputCount(), operation::toString);
      refused(operation, List.of(SHAPE, SHAPE), operation.toString(), "takes 1 input, not 2");
    }
    assertEquals(2, Binary.multiply().inputCount());
    refused(Binary.multiply(), List.of(SHAPE), "multiply takes 2 inputs, not 1");
    refused(new MatrixProduct(), List.of(SHAPE), "takes 2 inputs, not 1");
    refused(new Concat(Axis.CHANNEL, 3), List.of(SHAPE), "takes 3 inputs, not 1");
  }

  @Test
  void stepsThatRoundNothingAreRefused() {
    for (float step : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      Expect.refused(() -> Quantize.steps(step, 0, 0, 255), "step is " + step);
    }
    Expect.refused(() -> Quantize.steps(1, 0, 1, 0), "from 1 to 0");
    Expect.refused(() -> new Quantize(1, 0, 5_000_000, 0, 1), "5000000");
    Expect.refused(() -> new Quantize(1, 0, 1, -5_000_000, 1), "offset is -5000000");
    Expect.refused(() -> new Quantize(1, 0, 1, 0, 0), "factor is 0.0");
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    Shape other = Shape.of(3, 5, 6);
    refused(Binary.add(), List.of(SHAPE, other), "1x4x5x6", "1x3x5x6");
    refused(new MatrixProduct(), List.of(SHAPE, SHAPE), "NxCxKxW", "1x4x5x6");
    refused(new Concat(Axis.WIDTH, 2), List.of(SHAPE, other), "along that dimension only");
    refused(new BatchNormalization(3), List.of(SHAPE), "3 channels, but the input 4");
    refused(Slice.of(Axis.WIDTH, 2, 7), List.of(SHAPE), "from 2 to 7", "6 long");
    refused(new Gather(Axis.WIDTH, List.of(6)), List.of(SHAPE), "index 6", "not below 6");
    refused(new Reshape(1, 7, -1, 1), List.of(SHAPE), "120 values");
    refused(
        new Pad(new Padding.Explicit(0, 6, 0, 0), Pad.Mode.REFLECT, 0), List.of(SHAPE), "0,6,0,0");
    refused(Pool2d.max(7, 1, Padding.valid()), List.of(SHAPE), "output would be empty");
    refused(
        new DepthToSpace(3, DepthToSpace.Order.DEPTH_COLUMN_ROW),
        List.of(SHAPE),
        "4 channels",
        "3x3");
    refused(new SpaceToDepth(2), List.of(SHAPE), "5x6 pixels", "2x2");
    refused(
        new ResizeLinear(Resampling.by(0.19f, Resampling.Coordinates.ASYMMETRIC)),
        List.of(SHAPE),
        "nothing is left of 5 rows",
        "0.19");
    refused(TransposedConv2d.of(3, 4).build(), List.of(SHAPE), "4 channels", "expects 3");
    refused(
        TransposedConv2d.of(4, 4).padding(3).build(),
        List.of(SHAPE),
        "output would be empty",
        "height of 5",
        "6");
    refused(Pool2d.max(2, 1, Padding.of(2)), List.of(SHAPE), "smaller than its window");
  }

  @Test
  void whatCannotBeIsRefusedWhenDescribed() {
    Expect.refused(() -> new BatchNormalization(0), "channels is 0");
    Expect.refused(() -> new Reduce(Reduce.Function.SUM, Set.of()), "axis");
    Expect.refused(() -> new Slice(Axis.WIDTH, 3, 3, 1), "from 3 to 3");
    Expect.refused(() -> new Gather(Axis.WIDTH, List.of()), "index");
    Expect.refused(() -> new Gather(Axis.WIDTH, List.of(-1)), "-1");
    Expect.refused(() -> Gather.channelShuffle(5, 2), "5 channels", "2 groups");
    Expect.refused(() -> new Reshape(1, -1, -1, 1), "only one size");
    Expect.refused(() -> new Reshape(1, -2, 1, 1), "-2");
    Expect.refused(() -> new Concat(Axis.WIDTH, 0), "0 inputs");
    Expect.refused(() -> new SpaceToDepth(0), "block is 0");
    Expect.refused(() -> new Resampling.Size(0, 3), "0x3");
    Expect.refused(() -> new Resampling.Scale(2, Float.NaN), "NaN");
    Expect.refused(() -> TransposedConv2d.of(4, 6).groups(4).build(), "4 groups", "6 output");
    Expect.refused(() -> TransposedConv2d.of(4, 6).kernel(0).build(), "kernel height is 0");
    Expect.refused(
        () -> TransposedConv2d.of(1, 1).stride(2).outputPadding(1, 2).build(),
        "horizontal output padding is 2",
        "0 to 1");
    Expect.refused(() -> Pool2d.max(0, 1, Padding.valid()), "0");
    Expect.refused(
        () -> new Transpose(List.of(Axis.BATCH, Axis.BATCH, Axis.HEIGHT, Axis.WIDTH)), "once");
  }

  @Test
  void onlyWhatIsOfOneValueRunsInPlace() {
    assertTrue(Binary.add().mayReplace(0) && Binary.add().mayReplace(1));
    assertTrue(new Activate(Activation.RELU).mayReplace(0));
    assertTrue(new BatchNormalization(1).mayReplace(0));
    assertFalse(new Softmax(Axis.CHANNEL).mayReplace(0));
    Conv2d adding = Conv2d.pointwise(4, 4).residual().build();
    assertFalse(adding.mayReplace(0), "each value of the source is for many of the output");
    assertTrue(adding.mayReplace(Convolution.RESIDUAL));
    assertFalse(Reshape.flatten().mayReplace(0));
    TensorSpec spec = TensorSpec.nchw(SHAPE);
    Problem scaled =
        Problem.of(Binary.multiply(), List.of(TensorSpec.nchw(Shape.of(4, 1, 1)), spec));
    assertFalse(scaled.mayReplace(0), "it is smaller than the output");
    assertTrue(scaled.mayReplace(1));
  }

  @Test
  void windowsMayReachOverTheRim() {
    assertEquals(
        List.of(Shape.of(4, 3, 3)), Pool2d.max(3, 2, Padding.same()).outputShapes(List.of(SHAPE)));
  }

  @Test
  void constantsOfAGraphNeedTheirValues() {
    Graph graph =
        Graph.builder("g")
            .input("x", SHAPE)
            .constant("half", Shape.of(1, 1, 1))
            .add("y", Binary.multiply(), "x", "half")
            .build();
    assertTrue(graph.hasWeights());
    Weights weights = Weights.filled(graph, count -> new float[] {0.5f});
    weights.checkMatches(graph);
    GraphWeights none = new GraphWeights(java.util.Map.of());
    Expect.refused(() -> none.checkMatches(graph), "constant half has no values");
    GraphWeights two =
        new GraphWeights(java.util.Map.of("half", new ConstantWeights(new float[2])));
    Expect.refused(() -> two.checkMatches(graph), "constant half has 2 values");
    Expect.refused(
        () -> new ConstantWeights(new float[1]).checkMatches(Binary.add()), "given for: add");
    Expect.refused(
        () ->
            Graph.builder("g")
                .input("x", SHAPE)
                .constant("x", SHAPE)
                .add("y", Binary.add(), "x", "x")
                .build(),
        "two inputs or constants named x");
  }

  /** The edges of what is refused. */
  @Test
  void whatJustFits() {
    assertEquals(
        List.of(Shape.of(4, 5, 4)), Slice.of(Axis.WIDTH, 2, 6).outputShapes(List.of(SHAPE)));
    assertEquals(
        List.of(Shape.of(4, 5, 1)),
        new Slice(Axis.WIDTH, 5, Slice.TO_END, 1).outputShapes(List.of(SHAPE)));
    refused(new Slice(Axis.WIDTH, 6, Slice.TO_END, 1), List.of(SHAPE), "from 6 to its end");
    refused(Slice.of(Axis.WIDTH, 6, 7), List.of(SHAPE), "from 6 to 7");
    assertEquals(
        List.of(Shape.of(4, 5, 1)),
        new Gather(Axis.WIDTH, List.of(5)).outputShapes(List.of(SHAPE)));
    assertEquals(List.of(0, 1, 2), Gather.channelShuffle(3, 1).indices());
    assertEquals(List.of(0, 1, 2), Gather.channelShuffle(3, 3).indices());
    Expect.refused(() -> Gather.channelShuffle(4, 0), "4 channels", "0 groups");
    Expect.refused(
        () -> new DepthToSpace(0, DepthToSpace.Order.DEPTH_COLUMN_ROW), "block is 0 pixels");
    assertEquals(new Resampling.Size(1, 1), new Resampling.Size(1, 1));
    Expect.refused(() -> new Resampling.Size(3, 0), "3x0");
    Expect.refused(() -> new Slice(Axis.WIDTH, -1, 3, 1), "from -1");
    Expect.refused(() -> new Slice(Axis.WIDTH, 0, 3, 0), "steps of 0");
    Expect.refused(() -> new Transpose(List.of(Axis.BATCH, Axis.CHANNEL)), "once");
  }

  /** Of an image of 5 x 6 at most 4 rows and 5 columns can be mirrored. */
  @ParameterizedTest
  @CsvSource({
    "4, 5, 4, 5, true",
    "5, 0, 0, 0, false",
    "0, 6, 0, 0, false",
    "0, 0, 5, 0, false",
    "0, 0, 0, 6, false"
  })
  void mirroredPaddingIsSmallerThanTheImage(
      int top, int left, int bottom, int right, boolean accepted) {
    Pad pad = new Pad(new Padding.Explicit(top, left, bottom, right), Pad.Mode.REFLECT, 0);
    if (accepted) {
      assertEquals(List.of(Shape.of(4, 13, 16)), pad.outputShapes(List.of(SHAPE)));
    } else {
      refused(pad, List.of(SHAPE), pad.sides().toString(), "smaller than the image, 5x6");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 2, 1, 2, true",
    "2, 0, 0, 0, false",
    "0, 3, 0, 0, false",
    "0, 0, 2, 0, false",
    "0, 0, 0, 3, false"
  })
  void paddingOfAPoolIsSmallerThanItsWindow(
      int top, int left, int bottom, int right, boolean accepted) {
    Padding sides = Padding.of(top, left, bottom, right);
    Pool2d pool = new Pool2d(Pool2d.Function.MAX, 2, 3, 1, 1, sides, false);
    if (accepted) {
      assertEquals(List.of(Shape.of(4, 6, 8)), pool.outputShapes(List.of(SHAPE)));
    } else {
      refused(pool, List.of(SHAPE), "padding " + sides, "smaller than its window, 2x3");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2, 3, 2, 3, 2x3",
    "1, 1, 2, 3, 2x3",
    "2, 3, 1, 1, 2x3",
    "2, 1, 1, 3, 2x3",
    "2, 3, 4, 3, ",
    "2, 3, 2, 6, "
  })
  void stacksOfMatricesAreOfOneSizeOrOne(int n, int c, int n2, int c2, String expected) {
    MatrixProduct product = new MatrixProduct();
    assertEquals(2, product.inputCount());
    List<Shape> inputs = List.of(new Shape(n, c, 5, 4), new Shape(n2, c2, 4, 7));
    if (expected == null) {
      refused(product, inputs, inputs.getFirst().toString(), inputs.getLast().toString());
    } else {
      assertEquals(List.of(Shape.parse(expected + "x5x7")), product.outputShapes(inputs));
    }
  }

  @Test
  void reductionsCountTheirValues() {
    Reduce pixels = Reduce.globalAveragePool();
    assertEquals(30, pixels.valuesPerOutput(SHAPE));
    assertTrue(pixels.ofPixels());
    Reduce more = new Reduce(Reduce.Function.MEAN, Set.of(Axis.CHANNEL, Axis.HEIGHT, Axis.WIDTH));
    assertEquals(120, more.valuesPerOutput(SHAPE));
    assertFalse(more.ofPixels());
  }

  @Test
  void operationsSayWhatTheyAre() {
    Resampling twice = Resampling.by(2, Resampling.Coordinates.ASYMMETRIC);
    Resampling large = Resampling.to(80, 60, Resampling.Coordinates.HALF_PIXEL);
    Set<Axis> pixels = Set.of(Axis.HEIGHT, Axis.WIDTH);
    Map.ofEntries(
            entry(new BatchNormalization(4), "batch norm of 4 channels"),
            entry(new Concat(Axis.CHANNEL, 2), "concatenation along channel"),
            entry(
                new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW),
                "depth to space 2, depth column row"),
            entry(new SpaceToDepth(2), "space to depth 2"),
            entry(Gather.channelShuffle(6, 2), "gather of 6 along channel"),
            entry(new MatrixProduct(), "matrix product"),
            entry(
                new Pad(new Padding.Explicit(0, 1, 2, 3), Pad.Mode.REFLECT, 0),
                "reflect padding 0,1,2,3"),
            entry(Pool2d.average(3, 2, Padding.valid()), "average pool 3x3 stride 2x2"),
            entry(Reduce.globalAveragePool(), "global average pool"),
            entry(new Reduce(Reduce.Function.MAX, pixels), "max over height and width"),
            entry(new Reduce(Reduce.Function.MEAN, Set.of(Axis.BATCH)), "mean over batch"),
            entry(Reshape.flatten(), "reshape to 0x-1x1x1"),
            entry(new ResizeLinear(large), "linear resize to 80x60, half pixel"),
            entry(
                new ResizeNearest(twice, ResizeNearest.Rounding.PREFER_FLOOR),
                "nearest resize to 2.0 and 2.0 times, asymmetric, prefer floor"),
            entry(new Softmax(Axis.WIDTH), "softmax over width"),
            entry(Slice.of(Axis.CHANNEL, 0, 58), "slice of channel from 0 to 58 in steps of 1"),
            entry(
                new Transpose(List.of(Axis.BATCH, Axis.HEIGHT, Axis.WIDTH, Axis.CHANNEL)),
                "transposition to batch, height, width, channel"))
        .forEach((operation, text) -> assertEquals(text, operation.toString()));
  }

  /** Sizes whose products and sums fit no int, nor a long. */
  @Test
  void sizesThatOverflowAreRefused() {
    int max = Integer.MAX_VALUE;
    refused(new Reshape(max, max, max, max), List.of(SHAPE), "120 values");
    refused(new Reshape(max, max, max, Reshape.REST), List.of(SHAPE), "120 values");
    refused(
        Pad.zeros(new Padding.Explicit(max, 0, max, 0)),
        List.of(SHAPE),
        "padded height is 4294967299");
    refused(
        Pad.zeros(new Padding.Explicit(0, 0, 0, max)),
        List.of(SHAPE),
        "padded width is 2147483653");
    assertEquals(
        List.of(Shape.of(1, 1, Shape.MAX_ELEMENTS)),
        Pad.zeros(new Padding.Explicit(0, Shape.MAX_ELEMENTS - 1, 0, 0))
            .outputShapes(List.of(Shape.of(1, 1, 1))));
    refused(
        new DepthToSpace(65536, DepthToSpace.Order.DEPTH_COLUMN_ROW),
        List.of(SHAPE),
        "4 channels",
        "65536x65536");
    refused(new SpaceToDepth(max), List.of(SHAPE), "5x6 pixels");
  }
}
