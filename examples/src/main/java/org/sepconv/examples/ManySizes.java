package org.sepconv.examples;

import java.util.Arrays;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;

/** One layer on pictures of many sizes: its weights are packed once, and shared by all of them. */
public final class ManySizes {
  private ManySizes() {}

  public static void main(String[] args) {
    Conv2d layer = Conv2d.pointwise(32, 64).build();
    float[] filter = new float[layer.filterSize()];
    Arrays.fill(filter, 1);
    Problem usual = Problem.of(layer, TensorSpec.nhwc(Shape.of(32, 56, 56)));

    try (Backends backends = Backends.discover()) {
      ConvBackend backend = backends.backend("cpu");
      try (Prepared first = backend.prepare(usual, ConvWeights.of(filter))) {
        show(first);
        for (Shape shape : new Shape[] {Shape.of(32, 28, 40), new Shape(4, 32, 7, 7)}) {
          try (Prepared other = first.withSource(usual.source().withShape(shape))) {
            show(other);
          }
        }
      }
    }
  }

  private static void show(Prepared prepared) {
    Problem problem = prepared.problem();
    float[] source = new float[problem.source().shape().elements()];
    float[] destination = new float[problem.destination().shape().elements()];
    Arrays.fill(source, 1);
    prepared.run(source, destination);
    System.out.printf(
        "%s -> %s: %.0f ... %.0f%n",
        problem.source(),
        problem.destination(),
        destination[0],
        destination[destination.length - 1]);
  }
}
