package org.sepconv.examples;

import java.util.Arrays;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.select.Backends;
import org.sepconv.select.DataLocation;
import org.sepconv.select.Selection;
import org.sepconv.select.SelectionCache;
import org.sepconv.select.SelectionOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.Prepared;

/** Which backend of this machine runs a layer fastest, why, and with which kernels. */
public final class ChooseBackend {
  private ChooseBackend() {}

  public static void main(String[] args) {
    SeparableConv2d block = SeparableConv2d.of(64, 128).stride(2).same().relu6().build();
    Problem problem = Problem.of(block, TensorSpec.nhwc(Shape.of(64, 56, 56)));

    // Predicted times cost nothing; a trial runs the most promising devices in turns.
    SelectionOptions trial =
        SelectionOptions.measured()
            .withData(DataLocation.host()) // count the way from and to arrays
            .withCache(SelectionCache.off()); // or keep the answer for the next start
    try (Backends backends = Backends.discover()) {
      System.out.println("predicted: " + backends.select(problem).describe());
      Selection selection = backends.select(problem, trial);
      System.out.println("measured: " + selection.describe());

      ConvBackend fastest = backends.backend(selection.chosen().id());
      try (Prepared prepared = fastest.prepare(problem, weights(block))) {
        for (KernelCandidate candidate : prepared.explain()) {
          System.out.println("kernel " + candidate);
        }
      }
    }
  }

  /** Stand-ins: of a trained network, read them from its file. */
  private static Weights weights(SeparableConv2d block) {
    float[] depthwise = new float[block.depthwise().filterSize()];
    float[] pointwise = new float[block.pointwise().filterSize()];
    Arrays.fill(depthwise, 0.5f);
    Arrays.fill(pointwise, 0.25f);
    return new SeparableWeights(ConvWeights.of(depthwise), ConvWeights.of(pointwise));
  }
}
