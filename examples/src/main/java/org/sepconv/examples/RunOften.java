package org.sepconv.examples;

import java.util.Arrays;
import java.util.List;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** Prepares a layer once, binds its tensors once, and then only computes, frame after frame. */
public final class RunOften {
  private RunOften() {}

  public static void main(String[] args) {
    Conv2d mean = Conv2d.depthwise(3).kernel(3).same().build(); // blurs each channel
    float[] filter = new float[mean.filterSize()];
    Arrays.fill(filter, 1 / 9f);
    Weights weights = ConvWeights.of(filter);
    Shape shape = Shape.of(3, 120, 160);
    Problem problem = Problem.of(mean, TensorSpec.nhwc(shape));
    int centre = problem.destination().layout().index(shape, 0, 0, 60, 80);

    try (Backends backends = Backends.discover()) {
      ConvBackend backend = backends.backend("cpu");
      try (Prepared prepared = backend.prepare(problem, weights);
          Tensor source = backend.allocate(problem.source());
          Tensor destination = backend.allocate(problem.destination());
          Run run = prepared.bind(List.of(source), List.of(destination))) {
        float[] frame = new float[shape.elements()];
        float[] blurred = new float[shape.elements()];
        for (int i = 1; i <= 3; i++) {
          Arrays.fill(frame, i); // here, the next frame of a camera
          source.write(frame);
          run.run(); // checks nothing again, allocates nothing
          destination.read(blurred);
          System.out.printf("frame %d: corner %.3f, centre %.3f%n", i, blurred[0], blurred[centre]);
        }
      }
    }
  }
}
