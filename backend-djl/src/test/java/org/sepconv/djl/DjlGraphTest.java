package org.sepconv.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Activate;
import org.sepconv.Activation;
import org.sepconv.Axis;
import org.sepconv.BatchNormalization;
import org.sepconv.Binary;
import org.sepconv.Concat;
import org.sepconv.Conv2d;
import org.sepconv.Gather;
import org.sepconv.Graph;
import org.sepconv.Layout;
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
import org.sepconv.Unary;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Part;
import org.sepconv.spi.Prepared;

/** Graphs as one module, and those that cannot be. */
class DjlGraphTest {

  /** Values that may and may not be replaced, two inputs, padding on one side, broadcasting. */
  private static final Graph KNOTS =
      Graph.builder("knots")
          .input("a", Shape.of(8, 10, 12))
          .input("r", Shape.of(8, 5, 6))
          .add("b", new Activate(Activation.RELU), "a") // the input stays as it is
          .add("c", Binary.add(), "a", "b")
          .add("d", new Binary(Binary.Function.SUBTRACT), "c", "c")
          .add("e", Conv2d.depthwise(8).stride(2).same().bias().build(), "c")
          .add("f", SeparableConv2d.of(8, 8).same().residual(true).build(), "e", "r")
          .add("g", Binary.multiply(), "f", "e")
          .add("h", new Activate(Activation.HARD_SWISH)) // in place
          .add("i", new Reduce(Reduce.Function.MEAN, Set.of(Axis.HEIGHT, Axis.WIDTH)))
          .add("j", Binary.multiply(), "h", "i")
          .add("k", Conv2d.pointwise(8, 4).bias().build())
          .add("l", new Activate(Activation.NONE), "k") // k is needed again
          .add("m", new Activate(Activation.RELU6), "l")
          .add("n", Binary.add(), "m", "k")
          .build();

  /** What is no convolution, with constants, and with values that share memory in the engine. */
  private static final Graph PIECES =
      Graph.builder("pieces")
          .input("a", Shape.of(6, 9, 11))
          .constant("k", new Shape(1, 6, 1, 1))
          .constant("m", new Shape(1, 1, 6, 3))
          .add("norm", new BatchNormalization(6), "a")
          .add("scaled", Binary.multiply(), "norm", "k")
          .add("left", Slice.of(Axis.CHANNEL, 0, 4), "scaled")
          .add("right", new Slice(Axis.CHANNEL, 1, Slice.TO_END, 2), "scaled")
          .add("active", new Activate(Activation.RELU), "left") // left is not needed again
          .add("again", Binary.add(), "scaled", "norm")
          .add("joined", new Concat(Axis.CHANNEL, 3), "active", "right", "again")
          .add("shuffled", new Gather(Axis.CHANNEL, List.of(12, 0, 5, 5, 3, 11)), "joined")
          .add("padded", Pad.zeros(new Padding.Explicit(1, 0, 0, 2)), "shuffled")
          .add("max", Pool2d.max(3, 2, Padding.same()), "padded")
          .add("mean", Pool2d.average(3, 1, new Padding.Explicit(0, 1, 1, 0)), "max")
          .add("mirrored", new Pad(new Padding.Explicit(1, 1, 1, 1), Pad.Mode.REFLECT, 0), "mean")
          .add("turned", new Transpose(List.of(Axis.BATCH, Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT)))
          .add("product", new MatrixProduct(), "turned", "m")
          .add("flat", Reshape.flatten())
          .add("shares", new Softmax(Axis.CHANNEL))
          .add("root", new SquareRoot())
          .build();

  /** Functions of one value and of two. */
  private static final Graph FUNCTIONS =
      Graph.builder("functions")
          .input("a", Shape.of(6, 5, 7))
          .constant("k", new Shape(1, 6, 1, 1))
          .add("exponential", new Unary(Unary.Function.EXPONENTIAL))
          .add("quantized", Quantize.steps(0.25f, 3, 0, 255))
          .add("reciprocal", new Unary(Unary.Function.RECIPROCAL))
          .add("logarithm", new Unary(Unary.Function.LOGARITHM))
          .add("negative", new Unary(Unary.Function.NEGATIVE))
          .add("erf", new Unary(Unary.Function.ERROR_FUNCTION))
          .add("slopes", new Binary(Binary.Function.PRELU), "erf", "k")
          .add("absolute", new Unary(Unary.Function.ABSOLUTE))
          .add("least", new Binary(Binary.Function.MINIMUM), "absolute", "a")
          .add("most", new Binary(Binary.Function.MAXIMUM), "k", "least")
          .build();

  /** What makes images larger; padding on one side, a bias. */
  private static final Graph LARGER =
      Graph.builder("larger")
          .input("x", Shape.of(8, 5, 5))
          .add("conv", Conv2d.pointwise(8, 6).build())
          .add(
              "transposed",
              TransposedConv2d.of(6, 4)
                  .kernel(3)
                  .stride(2)
                  .padding(new Padding.Explicit(0, 1, 1, 0))
                  .bias()
                  .build())
          .add("nearest", ResizeNearest.by(2))
          .add("linear", new ResizeLinear(Resampling.to(9, 7, Resampling.Coordinates.HALF_PIXEL)))
          .add("shares", new Softmax(Axis.CHANNEL))
          .build();

  static Stream<Graph> graphs() {
    return Stream.concat(
        Networks.names().stream()
            .map(name -> Networks.of(name, name.equals("ds_cnn") ? 49 : 48, 1)),
        Stream.of(KNOTS, PIECES, FUNCTIONS, LARGER));
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void aGraphIsOneModule(Graph graph) {
    for (Layout layout : Layout.values()) {
      Prepared prepared = check(graph, layout);
      assertTrue(prepared.kernel().startsWith("f32-graph-"), prepared.kernel());
    }
  }

  /** One output more than a script gives: the nodes run one by one, in the engine. */
  @Test
  void aGraphOfTwoOutputsIsComposed() {
    Graph graph =
        Graph.builder("two")
            .input("x", Shape.of(8, 5, 5))
            .add("conv", Conv2d.pointwise(8, 6).build())
            .add("shares", new Softmax(Axis.CHANNEL))
            .build("conv", "shares");
    Prepared prepared = check(graph, Layout.NCHW);
    assertEquals(
        List.of("f32-pointwise-nchw-1x1s1-onednn", "f32-pooling-nchw-engine"),
        prepared.parts().stream().map(Part::kernel).toList());
  }

  /** Compares with the reference, twice, and that the inputs are left alone. */
  private static Prepared check(Graph graph, Layout layout) {
    Problem usual = graph.problem();
    List<TensorSpec> inputs =
        usual.inputs().stream()
            .map(spec -> spec.withShape(spec.shape().withBatch(2)).withLayout(layout))
            .toList();
    Problem problem = Problem.of(graph, inputs);
    Weights weights = Weights.random(graph, 1);
    SplittableRandom random = new SplittableRandom(2);
    float[][] values = new float[inputs.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = new float[inputs.get(i).shape().elements()];
      for (int j = 0; j < values[i].length; j++) {
        values[i][j] = 2 * random.nextFloat() - 1;
      }
    }
    try (Backends backends = Backends.discover(BackendOptions.defaults().withThreads(2))) {
      float[] expected = backends.backend("reference").convolve(problem, weights, values);
      float largest = 0;
      for (float value : expected) {
        largest = Math.max(largest, Math.abs(value));
      }
      ConvBackend djl = backends.backend("djl");
      try (Prepared prepared = djl.prepare(problem, weights);
          OwningRun run = OwningRun.of(prepared, values)) {
        float[] actual = new float[expected.length];
        for (int i = 0; i < 2; i++) {
          run.run();
          run.outputs().getFirst().read(actual);
          assertArrayEquals(expected, actual, 1e-4f * largest);
        }
        for (int i = 0; i < values.length; i++) {
          float[] after = new float[values[i].length];
          run.inputs().get(i).read(after);
          assertArrayEquals(values[i], after);
        }
        return prepared;
      }
    }
  }
}
