package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sepconv.cases.RandomCases;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.Verification;
import org.sepconv.cost.Cost;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;

class VerificationTest {
  private static final int CASES = 60;

  private static ConvBackend open(Fault fault) {
    LoopProvider provider = LoopProvider.with(fault);
    Availability.Available available = (Availability.Available) provider.probe();
    return provider.open(available.devices().getFirst(), BackendOptions.defaults());
  }

  private static Verification.Report run(Fault fault) {
    try (ConvBackend backend = open(fault)) {
      return Verification.convolutions(backend, 5, CASES);
    }
  }

  @Test
  void aRightBackendPassesEveryCase() {
    assertEquals(new Verification.Report(5, CASES, List.of(), List.of()), run(Fault.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "DROPPED_TAP, 2",
    "SWAPPED_STRIDES, 4",
    "IGNORED_DILATION, 4",
    "CENTRED_PADDING, 4",
    "REPEATED_EDGE, 4",
    "DROPPED_CHANNEL_TAIL, 9",
    "MULTIPLIER_ORDER, 4",
    "IGNORED_GROUPS, 2",
    "BIAS_PER_PIXEL, 2",
    "ACTIVATION_BEFORE_BIAS, 1",
    "UNWRITTEN_LAST_ROW, 1",
    "FIRST_IMAGE_ONLY, 2",
    "SOURCE_LAYOUT, 4",
    "HALF_PRECISION, 1",
  })
  void catchesAndShrinks(Fault fault, long mostMacs) {
    Verification.Report report = run(fault);
    assertEquals(CASES, report.cases());
    assertTrue(!report.failures().isEmpty(), "not caught");
    Verification.Failure failure = report.failures().getFirst();
    assertEquals(RandomCases.of(5, failure.index()).toString(), failure.description());
    String line = failure.shrunk().substring(0, failure.shrunk().indexOf("  # "));
    ShapeCase small = ShapeFile.parseLine(line);
    assertTrue(Cost.of(small.convolution(), small.input()).macs() <= mostMacs, failure::toString);
    assertTrue(failure.shrunk().contains("outputs are wrong, first at n="), failure::toString);
  }

  @Test
  void shrinksTheFirstFailuresOnly() {
    List<Verification.Failure> failures = run(Fault.UNWRITTEN_LAST_ROW).failures();
    assertEquals(CASES, failures.size());
    assertTrue(failures.get(9).shrunk().contains("outputs are wrong"));
    assertEquals("not shrunk: only the first 10 failures are", failures.get(10).shrunk());
  }

  @Test
  void whatIsNotSupportedIsCountedWithItsReason() {
    Verification.Report report = run(Fault.NO_REASON);
    assertEquals(List.of(), report.failures());
    assertEquals(4, report.unsupported().size(), report::toString);
    assertEquals(CASES, report.passed() + report.unsupported().size());
    for (Verification.Skip skip : report.unsupported()) {
      assertEquals(" ", skip.reason());
      assertTrue(skip.description().contains(" dilation="), skip::toString);
    }
  }

  @Test
  void whatABackendThrowsIsAFailure() {
    List<Verification.Failure> failures = run(Fault.BROKEN_PROMISE).failures();
    assertTrue(
        failures.getFirst().message().contains("BackendException: loop: no dilation after all at"),
        failures::toString);
  }

  @Test
  void refusesANegativeNumberOfCases() {
    try (ConvBackend backend = open(Fault.NONE)) {
      assertThrows(IllegalArgumentException.class, () -> Verification.convolutions(backend, 5, -1));
    }
  }
}
