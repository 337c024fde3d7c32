package org.sepconv.graph;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** Networks with random weights, which tests and benchmarks run. */
class NetworkValuesTest {

  static Stream<String> names() {
    return Networks.names().stream();
  }

  private static ConvBackend reference() {
    ReferenceBackendProvider provider = new ReferenceBackendProvider();
    DeviceInfo device = ((Availability.Available) provider.probe()).devices().getFirst();
    return provider.open(device, BackendOptions.defaults());
  }

  private static float[] image(int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      assertTrue(Float.isFinite(value), "not finite: " + value);
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  /**
   * They neither vanish nor explode, and what comes out depends on what goes in. Networks of half
   * the width are as deep, and a quarter of the work.
   */
  @ParameterizedTest
  @MethodSource("names")
  void valuesStayOrdinary(String name) {
    Graph network = Networks.of(name, 32, 0.5);
    Problem problem = network.problem();
    try (ConvBackend backend = reference();
        Prepared prepared = backend.prepare(problem, Weights.random(network, 1));
        Tensor input = backend.allocate(problem.source());
        Tensor output = backend.allocate(problem.destination());
        Run run = prepared.bind(List.of(input), List.of(output))) {
      float[][] given = new float[2][];
      for (int i = 0; i < 2; i++) {
        input.write(image(problem.source().shape().elements(), 3 + i));
        run.run();
        given[i] = output.read();
      }
      double largest = largest(given[0]);
      assertTrue(largest > 1e-3 && largest < 1e3, "largest " + largest);
      assertNotEquals(given[0][0], given[0][1]);
      double most = 0;
      for (int i = 0; i < given[0].length; i++) {
        most = Math.max(most, Math.abs(given[0][i] - given[1][i]));
      }
      assertTrue(most > 1e-2 * largest, "two images differ by %s of %s".formatted(most, largest));
    }
  }
}
