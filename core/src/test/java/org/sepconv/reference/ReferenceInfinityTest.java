package org.sepconv.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sepconv.Activation;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;

class ReferenceInfinityTest {
  private static final TensorSpec PIXEL = TensorSpec.nchw(Shape.of(1, 1, 1));
  private static final float[] INFINITY = {Float.POSITIVE_INFINITY};

  @Test
  void aClampedInfinityIsExactlyTheBound() {
    Conv2d conv = Conv2d.pointwise(1, 1).relu6().build();
    Reference.Result result =
        Reference.run(conv, ConvWeights.of(new float[] {0.3f}), PIXEL, INFINITY);
    assertEquals(6, result.values()[0]);
    assertTrue(result.accepts(0, 6));
    assertFalse(result.accepts(0, 5));
  }

  @Test
  void aZeroWeightAfterAClampedInfinityLeavesABound() {
    SeparableConv2d separable =
        SeparableConv2d.of(1, 1).kernel(1).activation(Activation.RELU6, Activation.NONE).build();
    SeparableWeights weights =
        new SeparableWeights(ConvWeights.of(new float[] {0.3f}), ConvWeights.of(new float[] {0}));
    assertTrue(Reference.run(separable, weights, PIXEL, INFINITY).accepts(0, 0));
  }
}
