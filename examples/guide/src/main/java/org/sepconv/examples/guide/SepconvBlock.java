package org.sepconv.examples.guide;

import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;

/** The block in Sepconv. */
public final class SepconvBlock {
  private SepconvBlock() {}

  public static void main(String[] args) {
    SeparableConv2d block =
        SeparableConv2d.of(10, 32).same().build(); // 3x3, no bias, no activation
    Problem problem = Problem.of(block, TensorSpec.nchw(Shape.of(10, 112, 112)));
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(Values.depthwise()), ConvWeights.of(Values.pointwise()));
    try (Backends backends = Backends.discover()) {
      Values.print(backends.backend("cpu").convolve(problem, weights, Values.image()));
    }
  }
}
