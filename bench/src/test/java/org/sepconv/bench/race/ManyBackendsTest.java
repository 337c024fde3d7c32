package org.sepconv.bench.race;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.conformance.process.Extent;
import org.sepconv.conformance.process.ProcessState;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

/**
 * Backends opened, used once and closed, a thousand times; fewer of the slow ones but in a soak.
 */
class ManyBackendsTest {
  private static final int TIMES = 1000;

  @ParameterizedTest
  @CsvSource({"cpu, 1000", "opencl, 10", "djl, 10"})
  void leaveNothingBehind(String name, int fewer) throws Exception {
    BackendOptions options = BackendOptions.defaults().withThreads(2).withWarmUp(Duration.ZERO);
    try (Backends backends = Backends.discover(options)) {
      RacesTest.require(backends, name);
    }
    int times = Extent.all() || RacesTest.SECONDS > 0 ? TIMES : fewer;
    Conv2d conv = Conv2d.of(4, 4).kernel(3).same().build();
    Problem problem = Problem.of(conv, TensorSpec.nchw(Shape.of(4, 8, 8)));
    ConvWeights weights = ConvWeights.of(new float[4 * 4 * 9]);
    ProcessState warm = null;
    for (int i = 0; i < times; i++) {
      if (i == times / 2) {
        warm = ProcessState.here();
      }
      try (Backends backends = Backends.discover(options)) {
        float[] output = backends.backend(name).convolve(problem, weights, new float[4 * 64]);
        assertArrayEquals(new float[4 * 64], output);
      }
    }
    ProcessState first = warm;
    ProcessState last = ProcessState.here();
    System.out.printf("%s: %s after %d, then %s after %d%n", name, first, times / 2, last, times);
    RacesTest.expectNoMore(first, last, RacesTest.MOST_GROWTH);
    RacesTest.expectNoThreads();
  }
}
