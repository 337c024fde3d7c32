package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sepconv.Problem;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

@DisplayName("operations side by side")
class OperationsSideBySideTest {

  @Test
  @DisplayName("each backend gets a time, and all of them are right")
  void times() {
    Map<String, Problem> problems = OperationsSideBySide.problems();
    assertTrue(problems.size() > 15, problems::toString);
    Problem small = problems.get("softmax of a classifier");
    try (Backends found = Backends.discover(BackendOptions.defaults().withThreads(1))) {
      List<ConvBackend> both = List.of(found.backend("cpu"), found.backend("reference"));
      List<Double> seconds = OperationsSideBySide.measure(small, both, 1);
      assertEquals(2, seconds.size());
      assertTrue(seconds.stream().allMatch(time -> time > 0), seconds::toString);
    }
  }

  @Test
  @DisplayName("what a backend refuses or computes wrongly is not measured")
  void wrong() {
    Problem problem = OperationsSideBySide.problems().get("gelu");
    try (Backends found = Backends.discover(BackendOptions.defaults().withThreads(1))) {
      ConvBackend closed = found.backend("cpu");
      closed.close();
      assertThrows(
          IllegalStateException.class,
          () -> OperationsSideBySide.measure(problem, List.of(closed), 1));
    }
  }
}
