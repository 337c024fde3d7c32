package org.sepconv.opencl;

import java.io.IOException;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.process.ProcessState;
import org.sepconv.opencl.plan.Chooser;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;

/**
 * Prepares, runs and closes again and again, and prints the memory and the open files of the
 * process on the way. {@code Soak 50000} is the long form; neither may grow.
 */
final class Soak {
  private static final SeparableConv2d CONV = SeparableConv2d.of(8, 8).bias().build();

  private Soak() {}

  public static void main(String[] arguments) throws IOException {
    int cycles = Integer.parseInt(arguments[0]);
    try (OpenClBackend backend = TinyShapes.open(true, _ -> Chooser.FIRST)) {
      for (int i = 0; i < 10; i++) {
        cycle(backend, cycles / 10);
        System.out.printf("%d cycles: %s%n", (i + 1) * (cycles / 10), ProcessState.here());
      }
    }
  }

  static void cycle(ConvBackend backend, int count) {
    TensorSpec source = TensorSpec.nchw(Shape.of(8, 8, 8));
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(new float[72], new float[8]),
            ConvWeights.of(new float[64], new float[8]));
    for (int i = 0; i < count; i++) {
      try (Prepared prepared = backend.prepare(Problem.of(CONV, source), weights);
          Tensor src = backend.allocate(source);
          Tensor dst = backend.allocate(prepared.problem().destination())) {
        src.write(new float[512]);
        prepared.run(src, dst);
        dst.read();
      }
    }
  }
}
