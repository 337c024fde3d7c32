package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;

class FirstRunOfNetworkTest {

  @Test
  void runsAreSteadyOnceSeveralInARowAre() {
    List<Double> runs = List.of(9.0, 2.0, 8.0, 2.0, 2.0, 2.0, 2.0, 2.0, 7.0, 2.0);
    FirstRunOfNetwork.Row row = FirstRunOfNetwork.Row.of("net", 100, 150, runs);
    assertEquals(2, row.steady());
    assertEquals(9 + 2 + 8, row.untilSteady());
    assertEquals(
        "| net | 100 | 150 | 109 | 9.0 | 2.0 | 2.0 | 2.0 | 2.0 | 4.50 | 19 |", row.toString());
  }

  @Test
  void runsAreSteadyFromTheFirstOn() {
    FirstRunOfNetwork.Row row = FirstRunOfNetwork.Row.of("net", 1, 1, List.of(2.0, 2.0, 2.0, 2.0));
    assertEquals(0, row.untilSteady());
  }

  @Test
  void measuresANetwork() {
    BackendOptions options = BackendOptions.defaults().withThreads(1).withWarmUp(Duration.ZERO);
    try (Backends backends = Backends.discover(options)) {
      FirstRunOfNetwork.Row row =
          FirstRunOfNetwork.measure(
              backends.backend("cpu"), Networks.of("ds_cnn", 49, 1), Duration.ofMillis(1));
      assertTrue(row.prepare() > 0 && row.steady() > 0, row.toString());
    }
  }
}
