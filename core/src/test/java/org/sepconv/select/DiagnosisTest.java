package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

class DiagnosisTest {
  private static final Availability THERE =
      new Availability.Available(List.of(new DeviceInfo("own", "Own 9", Map.of())));
  private static final Availability MISSING =
      new Availability.Unavailable("no driver", "install the driver");

  /** With an answer of its own, or without. */
  private record Provider(
      String name, Supplier<Availability> availability, Supplier<List<Finding>> own)
      implements ConvBackendProvider {
    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Availability probe() {
      return availability.get();
    }

    @Override
    public List<Finding> diagnose() {
      return own == null ? ConvBackendProvider.super.diagnose() : own.get();
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      throw new AssertionError("a diagnosis opens nothing");
    }
  }

  private static List<Diagnosis> diagnose(Provider... providers) {
    try (Backends backends = Backends.of(BackendOptions.defaults(), List.of(providers))) {
      return backends.diagnose();
    }
  }

  @Test
  void byDefaultProbingSpeaks() {
    assertEquals(
        List.of(new Diagnosis("own", List.of(Finding.ok("own", "Own 9")))),
        diagnose(new Provider("own", () -> THERE, null)));
    assertEquals(
        List.of(
            new Diagnosis(
                "own",
                List.of(Finding.warning("availability", "no driver", "install the driver")))),
        diagnose(new Provider("own", () -> MISSING, null)));
  }

  @Test
  void aBackendThatKnowsMoreIsHeard() {
    List<Finding> own = List.of(Finding.failed("driver", "too old", "update it"));
    assertEquals(
        List.of(new Diagnosis("own", own)),
        diagnose(new Provider("own", () -> MISSING, () -> own)));
  }

  @Test
  void oneThatIsUnavailableCannotCallItselfFine() {
    List<Finding> findings =
        diagnose(new Provider("own", () -> MISSING, () -> List.of(Finding.ok("loader", "found"))))
            .getFirst()
            .findings();
    assertEquals("loader", findings.getFirst().check());
    assertEquals("no driver", findings.getLast().found());
    assertEquals(Finding.Status.WARNING, findings.getLast().status());
  }

  @Test
  void oneThatThrowsIsReportedAndHidesNobody() {
    Supplier<List<Finding>> throwing =
        () -> {
          throw new UnsatisfiedLinkError("no such symbol");
        };
    Supplier<Availability> broken =
        () -> {
          throw new IllegalStateException("the probe broke");
        };
    List<Diagnosis> all =
        diagnose(
            new Provider("a", () -> THERE, throwing),
            new Provider("b", broken, null),
            new Provider("c", () -> MISSING, () -> null),
            new Provider("d", () -> MISSING, null),
            new Provider("NO NAME", () -> MISSING, null));
    assertEquals(5, all.size());
    String[] reasons = {"no such symbol", "the probe broke", "NullPointer", "no driver", "NO NAME"};
    for (int i = 0; i < reasons.length; i++) {
      Finding finding = all.get(i).findings().getFirst();
      assertTrue(finding.found().contains(reasons[i]), finding.toString());
      assertEquals(i == 3 ? Finding.Status.WARNING : Finding.Status.FAILED, finding.status());
    }
  }

  @Test
  void whyItIsUnavailableIsSaidWhereTheDiagnosisThrowsToo() {
    assertEquals(
        "failed while it was probed: java.lang.NullPointerException: probe() returned null",
        diagnose(new Provider("own", () -> null, null)).getFirst().findings().getLast().found());
  }

  @Test
  void aFindingNamesItsCheck() {
    assertThrows(IllegalArgumentException.class, () -> Finding.ok(" ", "found"));
    assertThrows(IllegalArgumentException.class, () -> new Diagnosis("own", List.of()));
  }
}
