package org.sepconv.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNorm;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.ConvWeights;
import org.sepconv.DepthToSpace;
import org.sepconv.Gather;
import org.sepconv.Layout;
import org.sepconv.MatrixProduct;
import org.sepconv.Operation;
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

/** What every operation computes, by numbers that fit on a hand, in both layouts. */
class OperationReferenceTest {

  private record Given(Shape shape, double... values) {}

  private static Given of(int c, int h, int w, double... values) {
    return new Given(Shape.of(c, h, w), values);
  }

  /** Checks the shape and the values, which all stand in N, C, H, W order. */
  private static void check(
      Layout layout, Operation operation, Weights weights, Given expected, Given... inputs) {
    List<TensorSpec> specs =
        Arrays.stream(inputs).map(input -> new TensorSpec(input.shape, layout)).toList();
    float[][] values =
        Arrays.stream(inputs)
            .map(input -> Layout.NCHW.convert(input.shape, floats(input.values), layout))
            .toArray(float[][]::new);
    Problem problem = Problem.of(operation, specs);
    Reference.Result result = Reference.run(problem, weights, values);
    assertEquals(expected.shape, result.spec().shape(), operation::toString);
    float[] rounded = new float[result.values().length];
    result.roundInto(rounded);
    assertArrayEquals(
        floats(expected.values),
        layout.convert(expected.shape, rounded, Layout.NCHW),
        1e-6f,
        operation::toString);
    for (int i = 0; i < rounded.length; i++) {
      assertTrue(result.accepts(i, rounded[i]), "rounding is correct: " + operation);
      if (result.bounds()[i] > 0) {
        double relative = result.bounds()[i] / Math.max(1, Math.abs(rounded[i]));
        assertTrue(relative < 1e-5, () -> "a bound that says nothing: " + operation);
      }
    }
  }

  private static float[] floats(double... values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }

  private static void check(Layout layout, Operation operation, Given expected, Given... inputs) {
    check(layout, operation, Weights.none(), expected, inputs);
  }

  private static void unary(Layout layout, Unary.Function function, Given expected, Given input) {
    check(layout, new Unary(function), expected, input);
  }

  private static final Given PAIR = of(2, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);

  @ParameterizedTest
  @EnumSource(Layout.class)
  void elementwise(Layout layout) {
    check(layout, new Activate(Activation.RELU), of(1, 1, 3, 0, 0, 2), of(1, 1, 3, -1, 0, 2));
    check(layout, new SquareRoot(), of(1, 1, 3, 0, 2, Double.NaN), of(1, 1, 3, 0, 4, -1));
    Given three = of(1, 1, 3, -1, 0.5, 2);
    unary(layout, Unary.Function.ABSOLUTE, of(1, 1, 3, 1, 0.5, 2), three);
    unary(layout, Unary.Function.NEGATIVE, of(1, 1, 3, 1, -0.5, -2), three);
    unary(layout, Unary.Function.RECIPROCAL, of(1, 1, 3, -1, 2, 0.5), three);
    unary(layout, Unary.Function.EXPONENTIAL, of(1, 1, 3, 1 / Math.E, 1.6487213, 7.3890561), three);
    unary(layout, Unary.Function.LOGARITHM, of(1, 1, 3, Double.NaN, -0.6931472, 0.6931472), three);
    unary(
        layout,
        Unary.Function.ERROR_FUNCTION,
        of(1, 1, 3, -0.8427008, 0.5204999, 0.9953223),
        three);
    Given slopes = of(1, 1, 3, 0.25, 3, 0.25);
    check(layout, new Binary(Binary.Function.PRELU), of(1, 1, 3, -0.25, 0.5, 2), three, slopes);
    assertEquals(0, Binary.Function.PRELU.apply(0, Double.POSITIVE_INFINITY), "not negative");
    check(layout, new Binary(Binary.Function.MINIMUM), of(1, 1, 3, -1, 0.5, 0.25), three, slopes);
    check(layout, new Binary(Binary.Function.MAXIMUM), of(1, 1, 3, 0.25, 3, 2), three, slopes);
    Given a = of(1, 1, 2, 6, 3);
    Given b = of(1, 1, 2, 2, -1);
    check(layout, Binary.add(), of(1, 1, 2, 8, 2), a, b);
    check(layout, new Binary(Binary.Function.SUBTRACT), of(1, 1, 2, 4, 4), a, b);
    check(layout, Binary.multiply(), of(1, 1, 2, 12, -3), a, b);
    check(layout, new Binary(Binary.Function.DIVIDE), of(1, 1, 2, 3, -3), a, b);
    check(layout, new Binary(Binary.Function.POWER), of(1, 1, 2, 36, 1 / 3.0), a, b);
  }

  /** Halves go to the even number; and what lies near one may go either way. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void quantizing(Layout layout) {
    Given values = of(1, 2, 4, -1.3, -0.7, 0.2, 0.3, 0.7, 40, Double.NaN, -1e30);
    check(
        layout,
        Quantize.steps(0.5f, 1, 0, 20),
        of(1, 2, 4, -0.5, -0.5, 0, 0.5, 0.5, 9.5, Double.NaN, -0.5),
        values);
    check(
        layout,
        Quantize.toWhole(0.5f, 3, -128, 127),
        of(1, 2, 4, 0, 2, 3, 4, 4, 83, Double.NaN, -128),
        values);
    check(
        layout,
        Quantize.fromWhole(0.25f, -2, -128, 127),
        of(1, 1, 4, 0, 0.5, 0.75, 32.25),
        of(1, 1, 4, -2, 0, 1, 127));
    double[] halves = {-2.5, -1.5, -0.5, 0.5, 1.5, 2.5};
    assertArrayEquals(
        new double[] {-2, -2, 0, 0, 2, 2},
        Arrays.stream(halves).map(Quantize.toWhole(1, 0, -8, 7)::apply).toArray());
    Problem problem =
        Problem.of(
            Quantize.steps(0.1f, 0, -128, 127), List.of(new TensorSpec(Shape.of(1, 1, 2), layout)));
    Reference.Result result = Reference.run(problem, Weights.none(), new float[] {0.25f, 0.2f});
    assertEquals(0.1, result.bounds()[0], 1e-6, "one step");
    assertTrue(result.bounds()[1] < 1e-6, "no step");
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void broadcasting(Layout layout) {
    Given scale = of(2, 1, 1, 10, -1);
    Given scaled = of(2, 2, 3, 10, 20, 30, 40, 50, 60, -7, -8, -9, -10, -11, -12);
    check(layout, Binary.multiply(), scaled, PAIR, scale);
    check(layout, Binary.multiply(), scaled, scale, PAIR);
    check(
        layout, Binary.add(), of(2, 1, 2, 11, 12, 21, 22), of(1, 1, 2, 1, 2), of(2, 1, 1, 10, 20));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void batchNorms(Layout layout) {
    BatchNorm norm = new BatchNorm(floats(2, 1), floats(0, 1), floats(1, 0), floats(4, 0.25), 0);
    check(
        layout,
        new BatchNormalization(2),
        norm,
        of(2, 1, 2, 0, 1, 3, -1),
        of(2, 1, 2, 1, 2, 1, -1));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void pools(Layout layout) {
    Given image = of(1, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, -9);
    check(layout, Pool2d.max(2, 1, Padding.valid()), of(1, 2, 2, 5, 6, 8, 8), image);
    check(layout, Pool2d.max(3, 2, Padding.of(1)), of(1, 2, 2, 5, 6, 8, 8), image);
    Given negative = of(1, 1, 1, -3);
    check(layout, Pool2d.max(3, 1, Padding.of(1)), of(1, 1, 1, -3), negative);
    check(layout, Pool2d.average(2, 1, Padding.valid()), of(1, 2, 2, 3, 4, 6, 2.5), image);
    check(layout, Pool2d.average(3, 1, Padding.of(1)), of(1, 1, 1, -3), negative);
    Pool2d counting = new Pool2d(Pool2d.Function.AVERAGE, 3, 3, 1, 1, Padding.of(1), true);
    check(layout, counting, of(1, 1, 1, -1 / 3.0), negative);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void reductions(Layout layout) {
    check(layout, Reduce.globalAveragePool(), of(2, 1, 1, 3.5, 9.5), PAIR);
    Reduce sum = new Reduce(Reduce.Function.SUM, Set.of(Axis.CHANNEL));
    check(layout, sum, of(1, 2, 3, 8, 10, 12, 14, 16, 18), PAIR);
    Reduce max = new Reduce(Reduce.Function.MAX, Set.of(Axis.HEIGHT, Axis.BATCH));
    check(layout, max, of(2, 1, 3, 4, 5, 6, 10, 11, 12), PAIR);
    Given wide = of(1, 1, 3, 0, Math.log(2), Math.log(5));
    check(layout, new Softmax(Axis.WIDTH), of(1, 1, 3, 0.125, 0.25, 0.625), wide);
    check(layout, new Softmax(Axis.CHANNEL), of(1, 1, 3, 1, 1, 1), wide);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void matrixProducts(Layout layout) {
    Given a = of(2, 1, 2, 1, 2, 3, 4);
    check(layout, new MatrixProduct(), of(2, 1, 1, 50, 110), a, of(1, 2, 1, 10, 20));
    check(
        layout, new MatrixProduct(), of(1, 2, 2, 3, 4, 6, 8), of(1, 2, 1, 1, 2), of(1, 1, 2, 3, 4));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void rearrangements(Layout layout) {
    Given row = of(1, 1, 3, 1, 2, 3);
    check(layout, new Concat(Axis.WIDTH, 2), of(1, 1, 6, 1, 2, 3, 1, 2, 3), row, row);
    check(layout, new Concat(Axis.CHANNEL, 2), of(2, 1, 3, 1, 2, 3, 1, 2, 3), row, row);
    check(layout, Slice.of(Axis.CHANNEL, 1, 2), of(1, 2, 3, 7, 8, 9, 10, 11, 12), PAIR);
    Slice odd = new Slice(Axis.WIDTH, 0, Slice.TO_END, 2);
    check(layout, odd, of(2, 2, 2, 1, 3, 4, 6, 7, 9, 10, 12), PAIR);
    Gather picked = new Gather(Axis.WIDTH, List.of(2, 0, 2));
    check(layout, picked, of(1, 1, 3, 3, 1, 3), row);
    Given channels = of(6, 1, 1, 0, 1, 2, 3, 4, 5);
    check(layout, Gather.channelShuffle(6, 2), of(6, 1, 1, 0, 3, 1, 4, 2, 5), channels);
    Padding.Explicit sides = new Padding.Explicit(1, 2, 0, 1);
    check(
        layout,
        new Pad(sides, Pad.Mode.CONSTANT, 9),
        of(1, 2, 6, 9, 9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 9),
        row);
    Given square = of(1, 2, 3, 1, 2, 3, 4, 5, 6);
    check(
        layout,
        new Pad(sides, Pad.Mode.REFLECT, 0),
        of(1, 3, 6, 6, 5, 4, 5, 6, 5, 3, 2, 1, 2, 3, 2, 6, 5, 4, 5, 6, 5),
        square);
    check(
        layout,
        new Transpose(List.of(Axis.BATCH, Axis.WIDTH, Axis.CHANNEL, Axis.HEIGHT)),
        of(3, 2, 2, 1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12),
        PAIR);
    check(layout, Reshape.flatten(), of(12, 1, 1, PAIR.values), PAIR);
    check(layout, new Reshape(0, 3, Reshape.REST, 2), of(3, 2, 2, PAIR.values), PAIR);
  }

  /** The examples of ONNX's documentation of Resize. */
  @ParameterizedTest
  @EnumSource(Layout.class)
  void resizing(Layout layout) {
    Given square = of(1, 2, 2, 1, 2, 3, 4);
    check(
        layout,
        ResizeNearest.by(2),
        of(1, 4, 4, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4),
        square);
    check(
        layout,
        new ResizeLinear(Resampling.by(2, Resampling.Coordinates.HALF_PIXEL)),
        of(1, 4, 4, 1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4),
        square);
    double third = 1 / 3.0;
    check(
        layout,
        new ResizeLinear(Resampling.to(4, 4, Resampling.Coordinates.ALIGN_CORNERS)),
        of(
            1, 4, 4, 1, 1 + third, 2 - third, 2, 2 - third, 2, 2 + third, 3 - third, 2 + third,
            3 - third, 3, 3 + third, 3, 3 + third, 4 - third, 4),
        square);
    Given wide = of(1, 2, 4, 1, 2, 3, 4, 5, 6, 7, 8);
    Resampling.Scale half = new Resampling.Scale(0.6f, 0.6f);
    check(
        layout,
        new ResizeLinear(new Resampling(half, Resampling.Coordinates.HALF_PIXEL)),
        of(1, 1, 2, 2 + 2 * third, 4 + third),
        wide);
    check(
        layout,
        new ResizeNearest(
            new Resampling(half, Resampling.Coordinates.HALF_PIXEL),
            ResizeNearest.Rounding.PREFER_FLOOR),
        of(1, 1, 2, 1, 3),
        wide);
    check(
        layout,
        new ResizeLinear(Resampling.to(1, 1, Resampling.Coordinates.PYTORCH_HALF_PIXEL)),
        of(1, 1, 1, 1),
        square);
    check(
        layout,
        new ResizeLinear(Resampling.to(1, 1, Resampling.Coordinates.HALF_PIXEL)),
        of(1, 1, 1, 2.5),
        square);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void roundingOfPositions(Layout layout) {
    Given row = of(1, 1, 4, 0, 1, 2, 3);
    // Positions 0.5, 1.5 and 2.5 of the four.
    Resampling between = Resampling.to(1, 2, Resampling.Coordinates.HALF_PIXEL);
    check(
        layout,
        new ResizeNearest(between, ResizeNearest.Rounding.PREFER_FLOOR),
        of(1, 1, 2, 0, 2),
        row);
    check(
        layout,
        new ResizeNearest(between, ResizeNearest.Rounding.PREFER_CEIL),
        of(1, 1, 2, 1, 3),
        row);
    check(layout, new ResizeNearest(between, ResizeNearest.Rounding.FLOOR), of(1, 1, 2, 0, 2), row);
    check(layout, new ResizeNearest(between, ResizeNearest.Rounding.CEIL), of(1, 1, 2, 1, 3), row);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void squaresOfPixels(Layout layout) {
    Given channels = of(8, 1, 1, 0, 1, 2, 3, 4, 5, 6, 7);
    Given pixels = of(2, 2, 2, 0, 2, 4, 6, 1, 3, 5, 7);
    check(layout, new DepthToSpace(2, DepthToSpace.Order.DEPTH_COLUMN_ROW), pixels, channels);
    check(layout, new SpaceToDepth(2), channels, pixels);
    check(
        layout,
        new DepthToSpace(2, DepthToSpace.Order.COLUMN_ROW_DEPTH),
        of(2, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7),
        channels);
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void transposedConvolutions(Layout layout) {
    Given square = of(1, 2, 2, 1, 2, 3, 4);
    ConvWeights ones = ConvWeights.of(floats(1, 10, 100, 1000));
    check(
        layout,
        TransposedConv2d.of(1, 1).kernel(2).build(),
        ones,
        of(1, 3, 3, 1, 12, 20, 103, 1234, 2040, 300, 3400, 4000),
        square);
    Given apart =
        of(1, 4, 4, 1, 10, 2, 20, 100, 1000, 200, 2000, 3, 30, 4, 40, 300, 3000, 400, 4000);
    check(layout, TransposedConv2d.of(1, 1).kernel(2).stride(2).build(), ones, apart, square);
    check(
        layout,
        TransposedConv2d.of(1, 1).kernel(2).stride(2).padding(1).build(),
        ones,
        of(1, 2, 2, 1000, 200, 30, 4),
        square);
    check(
        layout,
        TransposedConv2d.of(1, 1)
            .kernel(2)
            .stride(2)
            .padding(1)
            .outputPadding(1, 0)
            .bias()
            .activation(new Activation.Clamp(0, 500))
            .build(),
        ones.withBias(floats(1)),
        of(1, 3, 2, 500, 201, 31, 5, 500, 401),
        square);
    check(
        layout,
        TransposedConv2d.of(1, 1).kernel(1, 2).dilation(1, 2).build(),
        ConvWeights.of(floats(1, 10)),
        of(1, 2, 4, 1, 2, 10, 20, 3, 4, 30, 40),
        square);
    // C x O/groups x KH x KW: the first two channels make the first two outputs.
    check(
        layout,
        TransposedConv2d.of(4, 4).groups(2).build(),
        ConvWeights.of(floats(1, 2, 3, 4, 5, 6, 7, 8)),
        of(4, 1, 1, 31, 42, 755, 866),
        of(4, 1, 1, 1, 10, 11, 100));
  }
}
