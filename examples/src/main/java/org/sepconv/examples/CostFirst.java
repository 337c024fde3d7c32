package org.sepconv.examples;

import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Cost;
import org.sepconv.cost.Saving;
import org.sepconv.graph.MobileNet;

/** What a layer and a network cost, before there is a weight of them: no backend is needed. */
public final class CostFirst {
  private CostFirst() {}

  public static void main(String[] args) {
    SeparableConv2d block = SeparableConv2d.of(64, 128).stride(2).same().bias().relu6().build();
    Shape input = Shape.of(64, 56, 56);
    Cost cost = Cost.of(Problem.of(block, TensorSpec.nhwc(input)));
    System.out.printf("%s%n", block);
    System.out.printf(
        "  %,d MACs, %,d parameters, %,d bytes to move, %.1f FLOPs a byte%n",
        cost.macs(), cost.parametersWithBias(), cost.bytes(), cost.intensity());
    System.out.printf(
        "  %.2f times fewer MACs than a standard convolution%n", Saving.of(block, input).macs());

    for (int size : new int[] {224, 192, 128}) {
      Graph network = MobileNet.v1(size, 1.0);
      Cost whole = Cost.of(network.problem());
      System.out.printf(
          "%s at %d: %,d MACs, %,d filter values%n",
          network.name(), size, whole.macs(), whole.filterParameters());
    }

    Graph network = MobileNet.v2(224, 1.0);
    long all = Cost.of(network.problem()).macs();
    for (Graph.Step step : network.steps(network.problem())) {
      long macs = Cost.of(step.problem()).macs();
      if (macs > all / 20) {
        System.out.printf(
            "  %s of %s: %.1f %% of the MACs%n",
            step.node().name(), network.name(), 100.0 * macs / all);
      }
    }
  }
}
