package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
}
