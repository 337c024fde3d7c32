package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sepconv.cases.OperationCase;
import org.sepconv.cases.Outcome;
import org.sepconv.cases.RandomOperations;

/** What operations that are no convolutions compute, where the backend runs them itself. */
abstract class OperationRules extends Rules {

  OperationRules(Supplier<Subject> subject) {
    super(subject);
  }

  @TestFactory
  @DisplayName("required 801: operations of a network, of all sizes and in every mix of layouts")
  Stream<DynamicTest> required_801_operations() {
    return Arrays.stream(RandomOperations.Kind.values())
        .map(kind -> DynamicTest.dynamicTest(kind.toString(), () -> check(kind)));
  }

  private void check(RandomOperations.Kind kind) {
    int cases = Math.max(10, subject().randomCases / 10);
    int refused = 0;
    Set<String> reasons = new HashSet<>();
    for (int i = 0; i < cases; i++) {
      OperationCase drawn = RandomOperations.of(kind, subject().seed, i);
      switch (drawn.check(backend())) {
        case Outcome.Passed _ -> {}
        case Outcome.Unsupported(String reason) -> {
          refused++;
          reasons.add(reason);
        }
        case Outcome.Failed(String message) ->
            fail(
                "%s, seed %d, index %d: %s: %s"
                    .formatted(kind, subject().seed, i, drawn.problem(), message));
      }
    }
    if (refused > 0) {
      Assumptions.abort("%d of %d are unsupported: %s".formatted(refused, cases, reasons));
    }
  }
}
