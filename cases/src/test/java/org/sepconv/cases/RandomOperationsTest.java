package org.sepconv.cases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sepconv.backend.ReferenceBackendProvider;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;

class RandomOperationsTest {

  @ParameterizedTest
  @EnumSource
  void theReferenceRoundedToFloat32IsRight(RandomOperations.Kind kind) {
    ConvBackendProvider provider = new ReferenceBackendProvider();
    var device = ((Availability.Available) provider.probe()).devices().getFirst();
    try (ConvBackend backend = provider.open(device, BackendOptions.defaults())) {
      List<OperationCase> cases =
          IntStream.range(0, 60).mapToObj(i -> RandomOperations.of(kind, 5, i)).toList();
      cases.forEach(drawn -> assertEquals(Outcome.PASSED, drawn.check(backend)));
      assertTrue(cases.stream().map(OperationCase::problem).distinct().count() > 20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSeedDrawsTheSame(RandomOperations.Kind kind) {
    OperationCase first = RandomOperations.of(kind, 7, 3);
    OperationCase second = RandomOperations.of(kind, 7, 3);
    assertEquals(first.problem(), second.problem());
    assertEquals(first.weights(), second.weights());
    assertEquals(List.of(first.ordered()[0].length), List.of(second.ordered()[0].length));
    assertTrue(java.util.Arrays.equals(first.ordered()[0], second.ordered()[0]));
  }
}
