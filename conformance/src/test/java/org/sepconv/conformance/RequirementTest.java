package org.sepconv.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/** A backend that is unavailable is skipped, unless it is required. */
class RequirementTest {

  /** Rules that hold without a device. */
  private static final Set<Integer> PROVIDER_RULES = Set.of(601, 602, 603, 604);

  /** A backend without a device. */
  public static class Missing implements ConvBackendProvider {
    @Override
    public String name() {
      return "missing";
    }

    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Availability probe() {
      return new Availability.Unavailable("there is no such device", "buy one");
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      throw new AssertionError("must not be opened");
    }
  }

  /** A backend that cannot even be probed. */
  public static final class Throwing extends Missing {
    @Override
    public Availability probe() {
      throw new UnsatisfiedLinkError("libmissing.so");
    }
  }

  private static SuiteRun run(ConvBackendProvider provider, String requirements) {
    return SuiteRun.of(provider, requirements, _ -> true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cpu", "missing2, opencl:0"})
  void isSkippedWithTheReason(String requirements) {
    SuiteRun run = run(new Missing(), requirements);
    assertEquals(Map.of(), run.failed);
    assertEquals(Map.of(), run.broken);
    assertEquals(PROVIDER_RULES, run.passed);
    assertTrue(run.skipped.size() > 40, run.skipped::toString);
    run.skipped.forEach(
        (rule, message) ->
            assertTrue(
                message.contains(
                    "backend missing is unavailable: there is no such device; buy one"),
                rule + ": " + message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing", "cpu, MISSING ,opencl"})
  void failsEveryRuleWhereItIsRequired(String requirements) {
    Set<Integer> all = new TreeSet<>(run(new Missing(), "").skipped.keySet());
    all.addAll(PROVIDER_RULES);
    SuiteRun run = run(new Missing(), requirements);
    assertEquals(all, run.failed.keySet());
    assertEquals(Set.of(), run.passed);
    assertEquals(Map.of(), run.skipped);
    run.failed.forEach(
        (rule, message) ->
            assertTrue(
                message.contains("there is no such device; buy one (SEPCONV_REQUIRE names it)"),
                rule + ": " + message));
  }

  @Test
  void theReasonIsPrintedOnce() {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      run(new Missing(), "");
    } finally {
      System.setOut(out);
    }
    assertEquals(
        "skipped: backend missing is unavailable: there is no such device; buy one",
        printed.toString(StandardCharsets.UTF_8).strip());
  }

  @Test
  void aProbeThatThrowsIsUnavailableAndBreaksItsRule() {
    SuiteRun run = run(new Throwing(), "");
    assertEquals(Set.of(602, 604), run.failed.keySet());
    assertTrue(run.skipped.get(101).contains("probe() threw"), run.skipped.get(101));
  }

  @ParameterizedTest
  @CsvSource({
    "'', opencl, opencl:1, false",
    "opencl, opencl, opencl:1, true",
    "opencl:1, opencl, opencl:1, true",
    "opencl:0, opencl, opencl:1, false",
    "' CPU , OpenCL ', opencl, opencl, true",
    "opencl2, opencl, opencl, false",
  })
  void namesABackendOrADevice(String list, String backend, String device, boolean named) {
    assertEquals(named, Requirement.names(list, backend, device));
  }

  @ParameterizedTest
  @CsvSource({
    "'', false",
    "opencl, true",
    "opencl:1, true",
    "' CPU , OpenCL ', true",
    "opencl2, false",
  })
  void whatIsMissingFailsWhereTheBackendOrADeviceOfItIsNamed(String list, boolean fails) {
    // JUnit skips what is aborted with such an exception.
    Class<? extends Throwable> end = fails ? AssertionError.class : RuntimeException.class;
    assertEquals(
        "no driver",
        assertThrows(end, () -> Requirement.missing(list, "opencl", "no driver"))
            .getMessage()
            .replace("Assumption failed: ", ""));
  }

  @Test
  void aDeviceThatIsNotThereIsUnavailable() {
    Subject subject =
        new Subject(
            new LoopProvider(), BackendOptions.defaults(), Optional.of("loop:7"), "loop:7", 1, 1);
    AssertionError failed = assertThrows(AssertionError.class, subject::requireDevice);
    assertTrue(
        failed.getMessage().contains("backend loop has no device loop:7; it has: loop"),
        failed.getMessage());
    assertFalse(failed.getMessage().contains("unavailable"));
  }
}
