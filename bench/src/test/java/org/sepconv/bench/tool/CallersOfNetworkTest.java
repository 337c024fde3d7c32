package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.cpu.CpuBackendProvider;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.Prepared;

class CallersOfNetworkTest {

  /** Sixty-four threads on one prepared network: each gets the bits that one alone gets. */
  @Test
  void everyCallerGetsTheSameBits() throws Exception {
    Graph graph = Networks.of("mobilenet_v2", 32, 0.5);
    BackendOptions options = BackendOptions.defaults().withThreads(2);
    try (Backends backends = Backends.of(options, List.of(new CpuBackendProvider()));
        Prepared prepared =
            backends.backend("cpu").prepare(graph.problem(), Weights.random(graph, 1))) {
      CallersOfNetwork.Row row = new CallersOfNetwork(prepared).run(64, Duration.ofMillis(200));
      assertEquals(0, row.wrong());
      assertTrue(row.runs() >= 64, row.toString());
    }
  }

  @Test
  void aRowSaysHowManyRunsASecond() {
    assertEquals("| 4 | 30 | 0 | 60.0 |", new CallersOfNetwork.Row(4, 30, 0, 0.5).toString());
  }
}
