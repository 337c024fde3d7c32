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
}
