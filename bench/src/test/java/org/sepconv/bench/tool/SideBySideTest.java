package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sepconv.bench.Subject;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.bench.implementation.Workload;

@DisplayName("implementations side by side")
class SideBySideTest {
  private static final String LAYER = "small pointwise in=8x5x5 out=8 kernel=1 bias=true";

  private static SideBySide.Task task() throws IOException {
    return SideBySide.Task.of(Subject.parse(LAYER));
  }

  @Test
  @DisplayName("each gets a time, and a ratio to the first")
  void rows() throws IOException {
    List<Implementation> both =
        List.of(Implementations.named("cpu"), Implementations.named("reference"));
    List<SideBySide.Row> rows = SideBySide.measure(task(), both, 1, 2);
    assertEquals(List.of("cpu", "reference"), rows.stream().map(SideBySide.Row::name).toList());
    for (SideBySide.Row row : rows) {
      assertTrue(0 < row.best() && row.best() <= row.seconds(), row.toString());
    }
    assertEquals(1, rows.getFirst().ratio());
    assertTrue(rows.getLast().ratio() > 0);
  }

  @Test
  @DisplayName("who computes something else is not measured")
  void wrong() throws IOException {
    SideBySide.Task layer = task();
    IllegalStateException refused =
        assertThrows(
            IllegalStateException.class,
            () -> SideBySide.measure(layer, List.of(new Wrong()), 1, 1));
    assertTrue(
        refused
            .getMessage()
            .startsWith("wrong computes something else than the reference on small"));
  }

  /** Computes nothing. */
  static final class Wrong implements Implementation {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public boolean peer() {
      return false;
    }

    @Override
    public Optional<String> unavailable() {
      return Optional.empty();
    }

    @Override
    public PreparedLayer prepare(Workload work, int threads) {
      return new PreparedLayer() {
        @Override
        public String kernel() {
          return "nothing";
        }

        @Override
        public void run() {}

        @Override
        public float[] output() {
          return new float[200];
        }

        @Override
        public void close() {}
      };
    }
  }
}
