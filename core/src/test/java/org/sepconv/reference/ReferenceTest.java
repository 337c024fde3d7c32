package org.sepconv.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.Activation;
import org.sepconv.Binary;
import org.sepconv.ConstantWeights;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Convolution;
import org.sepconv.Expect;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Layout;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.Reduce;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;

/** The definition, against numbers worked out by hand. */
class ReferenceTest {
  private static final float NAN = Float.NaN;
  private static final float INF = Float.POSITIVE_INFINITY;

  @Test
  void pointwiseIsAMatrixProduct() {
    Conv2d conv = Conv2d.pointwise(2, 2).bias().build();
    ConvWeights weights = ConvWeights.of(floats(3, 4, 5, 6), floats(10, 20));
    // 1 * 3 + 2 * 4 + 10, 1 * 5 + 2 * 6 + 20
    assertArrayEquals(doubles(21, 37), run(conv, weights, Shape.of(2, 1, 1), 1, 2));
  }

  @Test
  void threeByThreeWithPadding() {
    Conv2d conv = Conv2d.of(1, 1).kernel(3).padding(1).build();
    ConvWeights weights = ConvWeights.of(floats(1, 2, 3, 4, 5, 6, 7, 8, 9));
    double[] expected = {
      94, 154, 106, // 94 = 1 * 5 + 2 * 6 + 4 * 8 + 5 * 9
      186, 285, 186, // 285 = 1 * 1 + 2 * 2 + ... + 9 * 9
      106, 154, 94,
    };
    assertArrayEquals(expected, run(conv, weights, Shape.of(1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9));
  }

  @Test
  void strideSkips() {
    Conv2d conv = Conv2d.of(1, 1).kernel(1, 2).stride(1, 2).build();
    assertArrayEquals(
        doubles(21, 43),
        run(conv, ConvWeights.of(floats(1, 10)), Shape.of(1, 1, 5), 1, 2, 3, 4, 5));
  }

  @Test
  void dilationSpreads() {
    Conv2d conv = Conv2d.of(1, 1).kernel(1, 2).dilation(1, 2).build();
    assertArrayEquals(
        doubles(31, 42, 53),
        run(conv, ConvWeights.of(floats(1, 10)), Shape.of(1, 1, 5), 1, 2, 3, 4, 5));
  }

  @Test
  void rowsHaveTheirOwnStrideAndDilation() {
    Conv2d dilated = Conv2d.of(1, 1).kernel(2, 1).dilation(2, 1).build();
    ConvWeights weights = ConvWeights.of(floats(1, 100));
    Shape shape = Shape.of(1, 4, 2);
    assertArrayEquals(
        doubles(501, 602, 703, 804), run(dilated, weights, shape, 1, 2, 3, 4, 5, 6, 7, 8));
    Conv2d strided = Conv2d.of(1, 1).kernel(2, 1).stride(2, 1).build();
    assertArrayEquals(
        doubles(301, 402, 705, 806), run(strided, weights, shape, 1, 2, 3, 4, 5, 6, 7, 8));
  }

  @Test
  void everySideHasItsOwnPadding() {
    ConvWeights weights = ConvWeights.of(floats(1, 100));
    Conv2d rows = Conv2d.of(1, 1).kernel(2, 1).padding(Padding.of(1, 0, 0, 0)).build();
    assertArrayEquals(doubles(100, 201), run(rows, weights, Shape.of(1, 2, 1), 1, 2));
    rows = Conv2d.of(1, 1).kernel(2, 1).padding(Padding.of(0, 0, 1, 0)).build();
    assertArrayEquals(doubles(201, 2), run(rows, weights, Shape.of(1, 2, 1), 1, 2));
    Conv2d columns = Conv2d.of(1, 1).kernel(1, 2).padding(Padding.of(0, 1, 0, 0)).build();
    assertArrayEquals(doubles(100, 201), run(columns, weights, Shape.of(1, 1, 2), 1, 2));
    columns = Conv2d.of(1, 1).kernel(1, 2).padding(Padding.of(0, 0, 0, 1)).build();
    assertArrayEquals(doubles(201, 2), run(columns, weights, Shape.of(1, 1, 2), 1, 2));
  }

  @Test
  void paddingBeyondTheKernelGivesTheBias() {
    Conv2d conv = Conv2d.of(1, 1).padding(Padding.of(0, 2, 0, 1)).bias().build();
    assertArrayEquals(
        doubles(3, 3, 17, 3),
        run(conv, ConvWeights.of(floats(2), floats(3)), Shape.of(1, 1, 1), 7));
  }

  @Test
  void groupsSeeTheirOwnChannels() {
    Conv2d conv = Conv2d.of(4, 2).groups(2).build();
    assertArrayEquals(
        doubles(21, 4300),
        run(conv, ConvWeights.of(floats(1, 10, 100, 1000)), Shape.of(4, 1, 1), 1, 2, 3, 4));
  }

  @Test
  void depthwiseMultipliesEachChannel() {
    Conv2d conv = Conv2d.depthwise(2, 2).build();
    assertArrayEquals(
        doubles(3, 6, 15, 20),
        run(conv, ConvWeights.of(floats(1, 2, 3, 4)), Shape.of(2, 1, 1), 3, 5));
  }

  @Test
  void filtersLieInRowsThenColumns() {
    // O = 2, C = 2, kernel 1 x 2, one pixel of output: filter[o][c][j] * in[c][j].
    Conv2d conv = Conv2d.of(2, 2).kernel(1, 2).build();
    ConvWeights weights = ConvWeights.of(floats(1, 10, 100, 1000, 2, 20, 200, 2000));
    assertArrayEquals(doubles(4321, 8642), run(conv, weights, Shape.of(2, 1, 2), 1, 2, 3, 4));
  }

  @Test
  void everyImageOfTheBatchIsOnItsOwn() {
    Conv2d conv = Conv2d.of(1, 1).kernel(1, 2).build();
    assertArrayEquals(
        doubles(21, 43),
        run(conv, ConvWeights.of(floats(1, 10)), new Shape(2, 1, 1, 2), 1, 2, 3, 4));
  }

  @Test
  void activationFollowsTheBias() {
    Conv2d conv = Conv2d.pointwise(1, 3).bias().relu6().build();
    ConvWeights weights = ConvWeights.of(floats(1, 1, 1), floats(-5, 1, 5));
    assertArrayEquals(doubles(0, 3, 6), run(conv, weights, Shape.of(1, 1, 1), 2));
  }

  @Test
  void separableActivatesBetweenItsStages() {
    SeparableConv2d separable =
        SeparableConv2d.of(2, 2)
            .kernel(1)
            .bias(true, true)
            .activation(Activation.RELU, Activation.NONE)
            .build();
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(floats(1, -1), floats(1, 1)),
            ConvWeights.of(floats(1, 1, -2, 7), floats(0, 100)));
    // 3 * 1 + 1 = 4; max(5 * -1 + 1, 0) = 0; 4 * 1 + 0; 4 * -2 + 0 + 100
    assertArrayEquals(doubles(4, 92), run(separable, weights, Shape.of(2, 1, 1), 3, 5));
  }

  @Test
  void sumsAreFloat64() {
    Conv2d conv = Conv2d.pointwise(3, 1).build();
    ConvWeights weights = ConvWeights.of(floats(1, 1, 1));
    assertArrayEquals(doubles(1), run(conv, weights, Shape.of(3, 1, 1), 16777216, 1, -16777216));
    assertArrayEquals(
        new double[] {0.1f + (double) 0.2f + 0.3f},
        run(conv, weights, Shape.of(3, 1, 1), 0.1f, 0.2f, 0.3f));
  }

  @Test
  void nanReachesTheOutputsThatMeetIt() {
    Conv2d conv = Conv2d.of(1, 1).kernel(1, 2).relu6().build();
    assertArrayEquals(
        doubles(3, Double.NaN, Double.NaN, 5),
        run(conv, ConvWeights.of(floats(1, 1)), Shape.of(1, 1, 5), 1, 2, NAN, 2, 3));
  }

  @Test
  void infinitiesTravelAsInIeee754() {
    Conv2d conv = Conv2d.of(1, 1).kernel(1, 2).build();
    ConvWeights sum = ConvWeights.of(floats(1, 1));
    ConvWeights first = ConvWeights.of(floats(1, 0));
    Shape pair = Shape.of(1, 1, 2);
    assertArrayEquals(doubles(INF), run(conv, sum, pair, 1, INF));
    assertArrayEquals(doubles(-INF), run(conv, sum, pair, 1, -INF));
    assertArrayEquals(doubles(Double.NaN), run(conv, sum, pair, INF, -INF));
    assertArrayEquals(doubles(Double.NaN), run(conv, first, pair, 1, INF)); // infinity times 0
    Conv2d limited = conv.withActivation(Activation.RELU6);
    assertArrayEquals(doubles(6), run(limited, sum, pair, 1, INF));
    assertArrayEquals(doubles(0), run(limited, sum, pair, 1, -INF));
  }

  @Test
  void layoutsAgree() {
    Random random = new Random(7);
    SeparableConv2d separable =
        SeparableConv2d.of(3, 4).kernel(3, 2).stride(1, 2).depthMultiplier(2).same().build();
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(random(random, separable.depthwise().filterSize())),
            ConvWeights.of(random(random, separable.pointwise().filterSize())));
    Shape shape = new Shape(2, 3, 4, 5);
    float[] nchw = random(random, shape.elements());
    float[] nhwc = Layout.NCHW.convert(shape, nchw, Layout.NHWC);
    Reference.Result first =
        Reference.run(Problem.of(separable, TensorSpec.nchw(shape)), weights, nchw);
    Reference.Result last =
        Reference.run(Problem.of(separable, TensorSpec.nhwc(shape)), weights, nhwc);
    Shape out = new Shape(2, 4, 4, 3);
    assertEquals(TensorSpec.nchw(out), first.spec());
    assertEquals(TensorSpec.nhwc(out), last.spec());
    for (int n = 0; n < out.n(); n++) {
      for (int c = 0; c < out.c(); c++) {
        for (int y = 0; y < out.h(); y++) {
          for (int x = 0; x < out.w(); x++) {
            int a = Layout.NCHW.index(out, n, c, y, x);
            int b = Layout.NHWC.index(out, n, c, y, x);
            assertEquals(first.values()[a], last.values()[b]);
            assertEquals(first.bounds()[a], last.bounds()[b]);
          }
        }
      }
    }
  }

  @Test
  void sourceAndDestinationHaveTheirOwnLayouts() {
    Conv2d conv = Conv2d.pointwise(1, 2).residual().build();
    TensorSpec source = TensorSpec.nchw(Shape.of(1, 1, 2));
    Reference.Result result =
        Reference.run(
            Problem.of(conv, source, Layout.NHWC),
            ConvWeights.of(floats(1, 10)),
            floats(1, 2),
            floats(.5f, 2.5f, 11.5f, 4.5f));
    assertEquals(TensorSpec.nhwc(Shape.of(2, 1, 2)), result.spec());
    assertArrayEquals(new double[] {1.5, 12.5, 13.5, 24.5}, result.values());
  }

  @Test
  void sums() {
    TensorSpec spec = TensorSpec.nhwc(Shape.of(2, 1, 2));
    Problem add = Problem.of(Binary.add(), List.of(spec, spec));
    Reference.Result result =
        Reference.run(add, Weights.none(), floats(1, 2, -3, Float.NaN), floats(2, 0.5f, 3, 1));
    assertArrayEquals(new double[] {3, 2.5, 0, Double.NaN}, result.values());
    assertTrue(result.bounds()[0] > 0 && result.bounds()[0] < 1e-6);
    assertTrue(result.accepts(3, Float.NaN));
  }

  @ParameterizedTest
  @EnumSource(Layout.class)
  void means(Layout layout) {
    TensorSpec source = new TensorSpec(new Shape(1, 2, 1, 4), layout);
    Problem pool = Problem.of(Reduce.globalAveragePool(), List.of(source));
    float[] values = Layout.NCHW.convert(source.shape(), floats(1, 2, 3, 6, -1, 1, 0, 2), layout);
    Reference.Result result = Reference.run(pool, Weights.none(), values);
    assertEquals(Shape.of(2, 1, 1), result.spec().shape());
    assertArrayEquals(new double[] {3, 0.5}, result.values());
    assertTrue(result.bounds()[1] > 0 && result.bounds()[1] < 1e-5);
  }

  @Test
  void graphsAreRunNodeByNode() {
    Shape shape = Shape.of(1, 1, 2);
    Graph.Builder builder =
        Graph.builder("g")
            .input("x", shape)
            .constant("c", shape)
            .add("sum", Binary.add(), "x", "c")
            .add("conv", Conv2d.pointwise(1, 1).build())
            .add("mean", Reduce.globalAveragePool());
    GraphWeights weights =
        new GraphWeights(
            Map.of(
                "c", new ConstantWeights(floats(10, 20)), "conv", ConvWeights.of(floats(-0.5f))));
    Reference.Result mean = Reference.run(builder.build().problem(), weights, floats(1, 3));
    assertArrayEquals(new double[] {-8.5}, mean.values());
    List<Reference.Result> both =
        Reference.runGraph(builder.build("conv", "sum").problem(), weights, floats(1, 3));
    assertArrayEquals(new double[] {-5.5, -11.5}, both.getFirst().values());
    assertArrayEquals(new double[] {11, 23}, both.getLast().values());
    assertTrue(both.getFirst().bounds()[1] > both.getLast().bounds()[1] / 2, "what is inherited");
    Expect.refused(
        () -> Reference.run(builder.build("conv", "sum").problem(), weights, floats(1, 3)),
        "graph g",
        "2 outputs");
  }

  @Test
  void argumentsMustMatch() {
    Problem problem =
        Problem.of(Conv2d.pointwise(2, 1).build(), TensorSpec.nchw(Shape.of(2, 1, 1)));
    ConvWeights weights = ConvWeights.of(floats(1, 2));
    Expect.refused(
        () -> Reference.run(problem, ConvWeights.of(floats(1)), new float[2]), "filter has 1");
    Expect.refused(() -> Reference.run(problem, weights, new float[3]), "source has 3 values");
    Expect.nullRefused(() -> Reference.run(null, weights, new float[2]), "problem");
    Expect.nullRefused(() -> Reference.run(problem, null, new float[2]), "weights");
    Expect.nullRefused(() -> Reference.run(problem, weights, (float[]) null), "inputs[");
  }

  @Test
  void aResidualIsAddedAfterTheBiasAndBeforeTheActivation() {
    Conv2d conv = Conv2d.pointwise(1, 2).bias().residual().relu().build();
    ConvWeights weights = ConvWeights.of(floats(1, -1), floats(10, 20));
    TensorSpec source = TensorSpec.nhwc(Shape.of(1, 1, 2));
    // In NHWC: 1 + 10 - 11, -1 + 20 + 5, 3 + 10 + 7, -3 + 20 - 100; relu before it would give -11.
    Reference.Result result =
        Reference.run(Problem.of(conv, source), weights, floats(1, 3), floats(-11, 5, 7, -100));
    assertArrayEquals(doubles(0, 24, 20, 0), result.values());
  }

  @Test
  void aSeparableConvolutionAddsItsResidualAtTheEnd() {
    SeparableConv2d block = SeparableConv2d.of(1, 1).kernel(1).residual().relu().build();
    SeparableWeights weights =
        new SeparableWeights(ConvWeights.of(floats(-2)), ConvWeights.of(floats(3)));
    // relu(3 * relu(-2 * 5) + 4), relu(3 * relu(-2 * -5) - 40)
    Reference.Result result =
        Reference.run(
            Problem.of(block, TensorSpec.nchw(Shape.of(1, 1, 2))),
            weights,
            floats(5, -5),
            floats(4, -40));
    assertArrayEquals(doubles(4, 0), result.values());
  }

  @Test
  void residualsMustMatch() {
    Conv2d plain = Conv2d.pointwise(1, 2).build();
    Conv2d adding = plain.withResidual(true);
    ConvWeights weights = ConvWeights.of(floats(1, 2));
    TensorSpec spec = TensorSpec.nchw(Shape.of(1, 1, 1));
    Problem two = Problem.of(adding, spec);
    Expect.refused(
        () -> Reference.run(two, weights, new float[1]), "1 inputs", adding + " takes 2");
    Expect.refused(
        () -> Reference.run(Problem.of(plain, spec), weights, new float[1], new float[2]),
        "2 inputs",
        plain + " takes 1");
    Expect.refused(
        () -> Reference.run(two, weights, new float[1], new float[1]), "residual has 1 values");
    Expect.nullRefused(() -> Reference.run(two, weights, new float[1], null), "inputs[");
  }

  private static double[] run(
      Convolution convolution, Weights weights, Shape shape, float... nchw) {
    return Reference.run(Problem.of(convolution, TensorSpec.nchw(shape)), weights, nchw).values();
  }

  private static float[] floats(float... values) {
    return values;
  }

  private static double[] doubles(double... values) {
    return values;
  }

  private static float[] random(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat(-1, 1);
    }
    return values;
  }
}
