package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What the weights of a graph are asked to be. */
class GraphFillingTest {
  private static final Shape IMAGE = Shape.of(4, 6, 6);

  /** Notes what it is asked for, and gives what has exactly the gain. */
  private static final class Notes implements WeightFiller {
    private final List<String> asked = new ArrayList<>();

    private void note(String what, double gain) {
      asked.add(String.format(Locale.ROOT, "%s %.4f", what, gain));
    }

    private static float[] all(int count, double value) {
      float[] values = new float[count];
      Arrays.fill(values, (float) value);
      return values;
    }

    @Override
    public float[] filter(int count, int products, double gain) {
      note("filter", gain);
      return all(count, Math.sqrt(gain / products));
    }

    @Override
    public float[] bias(int count) {
      asked.add("bias");
      return all(count, 0.5);
    }

    @Override
    public float[] factor(int count) {
      asked.add("factor");
      return all(count, 2);
    }

    @Override
    public float[] epsilon(int count) {
      asked.add("epsilon");
      return all(count, 1e-6);
    }

    @Override
    public BatchNorm batchNorm(int channels, double gain) {
      note("norm", gain);
      float[] zeros = new float[channels];
      return new BatchNorm(all(channels, Math.sqrt(gain)), zeros, zeros, all(channels, 1), 0);
    }
  }

  private static List<String> asked(Graph.Builder graph) {
    Notes notes = new Notes();
    Weights.filled(graph.build(), notes);
    return notes.asked;
  }

  /** Of an input of 1 and itself: 2. */
  private static Graph.Builder twice() {
    return Graph.builder("g").input("x", IMAGE).add("twice", Binary.add(), "x", "x");
  }

  @Test
  void layersMakeUpForWhatTheyAreGiven() {
    Conv2d conv = Conv2d.pointwise(4, 4).build();
    assertEquals(List.of("filter 0.5000"), asked(twice().add("a", conv)));
    assertEquals(
        List.of("filter 0.5000"), asked(twice().add("a", TransposedConv2d.of(4, 4).build())));
    assertEquals(List.of("norm 0.5000"), asked(twice().add("a", new BatchNormalization(4))));
    // What the first gives is 1, which the second is given.
    assertEquals(
        List.of("filter 0.5000", "norm 1.0000"),
        asked(twice().add("a", conv).add("b", new BatchNormalization(4))));
  }

  @Test
  void bothStagesOfASeparableOneDo() {
    // SiLU is given 1/16, of which 0.016321 is left.
    assertEquals(
        List.of("filter 0.0313", "filter 61.2690"),
        asked(
            twice()
                .add(
                    "a",
                    SeparableConv2d.of(4, 4)
                        .activation(Activation.SILU, Activation.NONE)
                        .build())));
  }

  @Test
  void theirOwnActivationComesBeforeOneBehind() {
    Conv2d conv = Conv2d.pointwise(4, 4).build();
    Activate relu = new Activate(Activation.RELU);
    assertEquals(List.of("filter 1.0000"), asked(twice().add("a", conv).add("b", relu)));
    assertEquals(
        List.of("filter 0.0313"),
        asked(twice().add("a", conv.withActivation(Activation.SILU)).add("b", relu)));
    assertEquals(
        List.of("filter 0.5000"),
        asked(twice().add("a", conv).add("b", relu).add("c", Binary.add(), "a", "b")),
        "something else takes it too");
    assertEquals(
        List.of("norm 1.0000"), asked(twice().add("a", new BatchNormalization(4)).add("b", relu)));
  }

  private static String constant(Binary.Function function, Operation behind) {
    return asked(
            Graph.builder("g")
                .input("x", IMAGE)
                .constant("c", Shape.of(4, 1, 1))
                .add("a", new Binary(function), "x", "c")
                .add("b", behind))
        .getFirst();
  }

  @Test
  void constantsAreForWhatIsDoneWithThem() {
    Activate relu = new Activate(Activation.RELU);
    assertEquals("factor", constant(Binary.Function.MULTIPLY, relu));
    assertEquals("factor", constant(Binary.Function.DIVIDE, new SquareRoot()));
    assertEquals("bias", constant(Binary.Function.MAXIMUM, new SquareRoot()));
    assertEquals("bias", constant(Binary.Function.ADD, relu));
    assertEquals("epsilon", constant(Binary.Function.ADD, new SquareRoot()));
    assertEquals("epsilon", constant(Binary.Function.SUBTRACT, new SquareRoot()));
  }

  @Test
  void operationsWithoutWeightsGetNone() {
    Graph inner =
        Graph.builder("inner").input("x", IMAGE).add("a", Conv2d.of(4, 4).build()).build();
    Graph graph =
        Graph.builder("g")
            .input("x", IMAGE)
            .add("root", new SquareRoot())
            .add("pool", Pool2d.max(1, 1, Padding.valid()))
            .add("product", new MatrixProduct(), "pool", "pool")
            .add("resized", new ResizeLinear(Resampling.by(1, Resampling.Coordinates.ASYMMETRIC)))
            .add("shares", new Softmax(Axis.CHANNEL))
            .add("inner", inner)
            .add("mean", Reduce.globalAveragePool())
            .add("flat", Reshape.flatten())
            .build();
    GraphWeights weights = (GraphWeights) Weights.filled(graph, new Notes());
    for (Graph.Node node : graph.nodes()) {
      if (node.name().equals("inner")) {
        assertInstanceOf(GraphWeights.class, weights.of(node)).checkMatches(inner);
      } else {
        assertSame(Weights.none(), weights.of(node), node.name());
      }
    }
  }
}
