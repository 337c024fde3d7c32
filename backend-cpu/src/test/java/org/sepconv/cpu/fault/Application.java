package org.sepconv.cpu.fault;

import java.time.Duration;
import java.util.Arrays;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;

/**
 * What an application does with the library, from opening a backend to closing it: run by class
 * loaders of its own, so that it names nothing but the library. Gives the output of the network.
 */
public final class Application {
  private final Graph graph = Networks.of("mobilenet_v1", 32, 0.25);
  private final Weights weights = Weights.random(graph, 1);
  private final float[] input = new float[graph.problem().source().shape().elements()];

  public Application() {
    Arrays.fill(input, 0.5f);
  }

  /** As an application would: whatever compiles meanwhile is still at it when all is closed. */
  public void run() {
    BackendOptions options =
        BackendOptions.defaults().withThreads(2).withWarmUp(Duration.ofMillis(20));
    try (Backends backends = Backends.discover(options)) {
      compute(backends.backend("cpu"));
    }
  }

  /** Without anything in the background. */
  public float[] computeCold() {
    BackendOptions options =
        BackendOptions.defaults()
            .withThreads(2)
            .withWarmUp(Duration.ZERO)
            .with("cpu.tile", "static")
            .with("cpu.kernels", "scalar");
    try (Backends backends = Backends.discover(options)) {
      return compute(backends.backend("cpu"));
    }
  }

  private float[] compute(ConvBackend backend) {
    Problem problem = graph.problem();
    float[] output = new float[problem.destination().shape().elements()];
    try (Prepared prepared = backend.prepare(problem, weights)) {
      prepared.run(input, output);
    }
    return output;
  }
}
