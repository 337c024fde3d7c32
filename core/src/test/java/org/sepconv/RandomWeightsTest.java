package org.sepconv;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.sepconv.reference.Reference;

/** Seeded weights, of a size that keeps values ordinary. */
class RandomWeightsTest {
  private static final Conv2d LINEAR = Conv2d.of(64, 64).kernel(3).same().bias().build();
  private static final Conv2d RECTIFIED = LINEAR.toBuilder().activation(Activation.RELU).build();

  private static double meanSquare(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += (double) value * value;
    }
    return sum / values.length;
  }

  @Test
  void theVarianceIsOneOverTheProductsOrTwice() {
    double products = 64 * 9;
    for (Conv2d conv : new Conv2d[] {LINEAR, RECTIFIED}) {
      ConvWeights weights = (ConvWeights) Weights.random(conv, 1);
      double variance = (conv == LINEAR ? 1 : 2) / products;
      assertEquals(variance, meanSquare(weights.filter()), 0.05 * variance);
      double mean = 0;
      for (float value : weights.filter()) {
        mean += value / conv.filterSize();
      }
      assertEquals(0, mean, 0.01 * Math.sqrt(variance) * 3);
      weights.checkMatches(conv);
    }
  }

  @Test
  void theSameSeedGivesTheSameWeights() {
    float[] first = ((ConvWeights) Weights.random(LINEAR, 7)).filter();
    assertArrayEquals(first, ((ConvWeights) Weights.random(LINEAR, 7)).filter());
    assertFalse(Arrays.equals(first, ((ConvWeights) Weights.random(LINEAR, 8)).filter()));
  }

  @Test
  void everyOperationHasSome() {
    SeparableConv2d separable = SeparableConv2d.of(3, 5).bias().build();
    Graph graph =
        Graph.builder("g")
            .input("x", Shape.of(3, 8, 8))
            .add("a", separable)
            .add("pool", Reduce.globalAveragePool())
            .build();
    for (Operation operation : new Operation[] {separable, graph}) {
      Weights.random(operation, 1).checkMatches(operation);
    }
    assertSame(Weights.none(), Weights.random(Binary.add(), 1));
  }

  /** Fifty layers neither blow values up nor let them die. */
  @Test
  void valuesStayOrdinaryThroughManyLayers() {
    for (Activation activation : new Activation[] {Activation.NONE, Activation.RELU}) {
      Conv2d conv = Conv2d.pointwise(128, 128).bias().activation(activation).build();
      TensorSpec spec = TensorSpec.nchw(Shape.of(128, 2, 2));
      Problem problem = Problem.of(conv, spec);
      SplittableRandom random = new SplittableRandom(3);
      float[] values = new float[spec.shape().elements()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 2 * random.nextFloat() - 1;
      }
      for (int layer = 0; layer < 50; layer++) {
        Reference.run(problem, Weights.random(conv, layer), values).roundInto(values);
      }
      double size = Math.sqrt(meanSquare(values));
      assertTrue(size > 0.05 && size < 20, activation + ": " + size);
    }
  }

  /** With normal arguments every activation gives about as much as the filter's input has. */
  @Test
  void whatAnActivationTakesAwayIsMadeUpFor() {
    SplittableRandom random = new SplittableRandom(5);
    for (Activation activation :
        new Activation[] {
          Activation.RELU, Activation.HARD_SWISH, Activation.SILU, Activation.GELU, Activation.TANH
        }) {
      double gain =
          meanSquare(filter(LINEAR.withActivation(activation))) / meanSquare(filter(LINEAR));
      double given = 0;
      for (int i = 0; i < 100_000; i++) {
        given += Math.pow(activation.apply(random.nextGaussian()), 2) / 100_000;
      }
      assertEquals(1, gain * given, 0.1, activation.toString());
    }
  }

  private static float[] filter(Conv2d conv) {
    return ((ConvWeights) Weights.random(conv, 1)).filter();
  }

  /** An activation that is a node of its own counts as that of the convolution before it. */
  @Test
  void theActivationBehindAConvolutionIsSeen() {
    Graph graph =
        Graph.builder("g")
            .input("x", Shape.of(64, 8, 8))
            .add("conv", LINEAR)
            .add("relu", new Activate(Activation.RELU))
            .build();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    assertArrayEquals(filter(RECTIFIED), ((ConvWeights) weights.ofNodes().get("conv")).filter());
  }

  /**
   * What a gate scales is about half of what it was, some more than a quarter of the mean square.
   */
  @Test
  void whatAGateTakesAwayIsMadeUpFor() {
    Conv2d conv = Conv2d.pointwise(64, 64).build();
    Graph graph =
        Graph.builder("g")
            .input("x", Shape.of(64, 8, 8))
            .add("gate", new Activate(Activation.HARD_SIGMOID))
            .add("scaled", Binary.multiply(), "x", "gate")
            .add("conv", conv)
            .build();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    float[] gated = ((ConvWeights) weights.ofNodes().get("conv")).filter();
    double open = 0.25 + 1.0 / 36;
    assertEquals(1 / open, meanSquare(gated) / meanSquare(filter(conv)), 0.01);
  }

  @Test
  void constantsAreFactorsEpsilonsOrBiases() {
    Shape channels = Shape.of(1000, 1, 1);
    Graph graph =
        Graph.builder("g")
            .input("x", Shape.of(1000, 2, 2))
            .constant("weight", channels)
            .constant("epsilon", channels)
            .constant("bias", channels)
            .add("square", Binary.multiply(), "x", "x")
            .add("positive", Binary.add(), "square", "epsilon")
            .add("root", new SquareRoot())
            .add("scaled", Binary.multiply(), "root", "weight")
            .add("sum", Binary.add(), "scaled", "bias")
            .build();
    GraphWeights weights = (GraphWeights) Weights.random(graph, 1);
    within(0.8, 1.2, weights.of(graph.constants().get(0)));
    within(1e-6, 1e-5, weights.of(graph.constants().get(1)));
    within(-0.1, 0.1, weights.of(graph.constants().get(2)));
    GraphWeights negative =
        (GraphWeights)
            Weights.filled(
                graph,
                count -> {
                  float[] values = new float[count];
                  Arrays.fill(values, -2);
                  return values;
                });
    assertEquals(-2, negative.of(graph.constants().get(0))[0]);
    assertEquals(4, negative.of(graph.constants().get(1))[0], "an epsilon is a square");
    assertEquals(-2, negative.of(graph.constants().get(2))[0]);
  }

  private static void within(double least, double most, float[] values) {
    for (float value : values) {
      assertTrue(value >= (float) least && value <= (float) most, "value " + value);
    }
    assertFalse(values[0] == values[1]);
  }
}
