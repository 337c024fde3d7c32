package org.sepconv.examples;

import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.Cost;
import org.sepconv.cost.Saving;
import org.sepconv.select.Backends;

/**
 * The block that introductions show, 10 to 32 channels without a bias. In PyTorch:
 *
 * <pre>
 *   nn.Sequential(nn.Conv2d(10, 10, 3, padding=1, groups=10, bias=False),
 *                 nn.Conv2d(10, 32, 1, bias=False))
 * </pre>
 */
public final class FirstBlock {
  private FirstBlock() {}

  public static void main(String[] args) {
    SeparableConv2d block = SeparableConv2d.of(10, 32).same().build();
    Problem problem = Problem.of(block, TensorSpec.nchw(Shape.of(10, 64, 64)));
    System.out.printf(
        "%d parameters, %.2f times fewer than a standard convolution%n",
        Cost.of(problem).parametersWithBias(),
        Saving.of(block, problem.source().shape()).parameters());
    try (Backends backends = Backends.discover()) {
      float[] values = new float[problem.source().shape().elements()];
      float[] result = backends.backend("cpu").convolve(problem, Weights.random(block, 1), values);
      System.out.println(problem.destination().shape() + ": " + result.length + " values");
    }
  }
}
