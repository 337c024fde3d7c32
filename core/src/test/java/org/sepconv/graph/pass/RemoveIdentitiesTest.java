package org.sepconv.graph.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
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
import org.sepconv.SpaceToDepth;
import org.sepconv.SquareRoot;
import org.sepconv.Transpose;
import org.sepconv.TransposedConv2d;
import org.sepconv.Unary;
import org.sepconv.Weights;

/** Every kind of operation, where it changes nothing and where it does. */
class RemoveIdentitiesTest {
  private static final Shape IMAGE = new Shape(2, 6, 4, 4);

  private static final Graph NEGATIVES =
      Graph.builder("negatives")
          .input("x", IMAGE)
          .add("y", new Unary(Unary.Function.NEGATIVE))
          .build();

  private static List<String> changes(Graph graph) {
    Program program = new Program(graph, (GraphWeights) Weights.random(graph, 3));
    Draft draft = new Draft(program, graph.problem(), _ -> true);
    new RemoveIdentities().run(draft);
    return draft.changes();
  }

  /** What is taken out of the graph of one operation on an image, and something behind it. */
  private static List<String> of(Operation operation) {
    return changes(
        Graph.builder("g")
            .input("x", IMAGE)
            .add("it", operation)
            .add("end", new Activate(Activation.RELU))
            .build());
  }

  @Test
  void whatGivesWhatItTakesGoes() {
    for (Operation identity :
        List.of(
            new Activate(Activation.NONE),
            new Concat(Axis.CHANNEL, 1),
            Slice.of(Axis.WIDTH, 0, Slice.TO_END),
            Transpose.NONE,
            Pad.zeros(new Padding.Explicit(0, 0, 0, 0)),
            new DepthToSpace(1, DepthToSpace.Order.DEPTH_COLUMN_ROW),
            new SpaceToDepth(1))) {
      assertEquals(List.of("it gives what it takes, x"), of(identity), identity.toString());
    }
  }

  @Test
  void whatChangesValuesOfTheSameShapeStays() {
    Padding none = Padding.valid();
    for (Operation other :
        List.of(
            new Activate(Activation.RELU),
            Slice.of(Axis.WIDTH, 0, 4), // of another width it is none
            new Transpose(List.of(Axis.BATCH, Axis.CHANNEL, Axis.WIDTH, Axis.HEIGHT)),
            new BatchNormalization(6),
            Conv2d.pointwise(6, 6).build(),
            Gather.channelShuffle(6, 2),
            Pool2d.max(1, 1, none),
            Quantize.steps(0.5f, 0, -128, 127),
            new ResizeLinear(Resampling.by(1, Resampling.Coordinates.HALF_PIXEL)),
            ResizeNearest.by(1),
            new Softmax(Axis.CHANNEL),
            new SquareRoot(),
            TransposedConv2d.of(6, 6).build(),
            new Unary(Unary.Function.NEGATIVE),
            NEGATIVES)) {
      assertEquals(List.of(), of(other), other.toString());
    }
    Graph sums =
        Graph.builder("g")
            .input("x", IMAGE)
            .add("product", new MatrixProduct(), "x", "x")
            .add("sum", Binary.add(), "product", "x")
            .add("end", new Activate(Activation.RELU))
            .build();
    assertEquals(List.of(), changes(sums));
  }

  /** Flattening what an operation gives of the mean of all pixels. */
  private static List<String> flattened(Operation operation, String... sources) {
    Graph.Builder builder =
        Graph.builder("g").input("x", IMAGE).add("mean", Reduce.globalAveragePool());
    if (sources.length == 0) {
      builder.add("it", operation);
    } else {
      builder.add("it", operation, sources);
    }
    return changes(
        builder.add("flat", Reshape.flatten()).add("end", Conv2d.pointwise(6, 2).build()).build());
  }

  @Test
  void aPixelStaysOneThroughWhatIsAloneWithEachValue() {
    for (Operation each :
        List.of(
            new Activate(Activation.RELU),
            new BatchNormalization(6),
            Quantize.steps(0.5f, 0, -128, 127),
            new SquareRoot(),
            new Unary(Unary.Function.NEGATIVE),
            Conv2d.pointwise(6, 6).build())) {
      assertEquals(List.of("flat gives what it takes, it"), flattened(each), each.toString());
    }
  }

  @Test
  void whatMayHaveMorePixelsIsFlattened() {
    Conv2d depthwise = Conv2d.depthwise(6).kernel(3).same().build();
    for (Operation other :
        List.of(
            depthwise,
            new SeparableConv2d(depthwise, Conv2d.pointwise(6, 6).build()),
            Pool2d.max(1, 1, Padding.valid()),
            new ResizeLinear(Resampling.by(1, Resampling.Coordinates.HALF_PIXEL)),
            Slice.of(Axis.WIDTH, 0, 1),
            new Softmax(Axis.CHANNEL),
            TransposedConv2d.of(6, 6).build(),
            NEGATIVES)) {
      assertEquals(List.of(), flattened(other), other.toString());
    }
    assertEquals(List.of(), flattened(Binary.add(), "mean", "mean"));
    assertEquals(List.of(), flattened(new MatrixProduct(), "mean", "mean"));
  }

  @Test
  void theReportIsNamed() {
    assertEquals("remove identities", new RemoveIdentities().name());
  }
}
