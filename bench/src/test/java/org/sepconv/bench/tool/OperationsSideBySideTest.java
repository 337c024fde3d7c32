package org.sepconv.bench.tool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.sepconv.Problem;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;

@DisplayName("operations side by side")
class OperationsSideBySideTest {

  private static List<SideBySide.Row> measure(String what, Implementation... implementations) {
    Problem problem = OperationsSideBySide.problems().get(what);
    return SideBySide.measure(
        OperationsSideBySide.task(what, problem), List.of(implementations), 1, 1);
  }

  @Test
  @DisplayName("each backend gets a time, and all of them are right")
  void times() {
    Map<String, Problem> problems = OperationsSideBySide.problems();
    assertTrue(problems.size() > 15, problems::toString);
    List<SideBySide.Row> rows =
        measure(
            "softmax of a classifier",
            Implementations.named("cpu[nchw]"),
            Implementations.named("reference"));
    assertEquals(2, rows.size());
    assertTrue(rows.stream().allMatch(row -> row.seconds() > 0), rows::toString);
  }

  @Test
  @DisplayName("what computes wrongly is not measured")
  void wrong() {
    assertThrows(IllegalStateException.class, () -> measure("gelu", new SideBySideTest.Wrong()));
  }
}
