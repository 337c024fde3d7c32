package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sepconv.Binary;
import org.sepconv.Conv2d;
import org.sepconv.Expect;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.FakeBackend;

class SelectionTest {
  private static final Conv2d CONV = Conv2d.pointwise(10, 10).build();
  private static final TensorSpec SPEC = TensorSpec.nchw(Shape.of(10, 10, 10));

  private static final Problem PROBLEM = Problem.of(CONV, SPEC);

  private static Backends of(ConvBackendProvider... providers) {
    return Backends.of(BackendOptions.defaults(), List.of(providers));
  }

  private static FakeProvider withPeak(String name, int rank, double peakFlops) {
    return new FakeProvider(name, rank, name)
        .opening(device -> new FakeBackend(device.id(), peakFlops));
  }

  @Test
  void theShortestPredictionWinsWhateverTheRank() {
    Selection selection =
        of(withPeak("slow", 1, 1e9), withPeak("fast", 2, 4e9), withPeak("middle", 3, 2e9))
            .select(PROBLEM);
    assertEquals("fast", selection.chosen().id());
    assertEquals(PROBLEM, selection.problem());
    assertEquals("shortest predicted time, by estimates", selection.reason());
  }

  @Test
  void theBetterRankWinsWherePredictionsAreEqual() {
    Selection selection = of(withPeak("second", 2, 1e9), withPeak("first", 1, 1e9)).select(PROBLEM);
    assertEquals("first", selection.chosen().id());
  }

  @Test
  void everyDeviceOfABackendIsACandidate() {
    FakeProvider gpu =
        new FakeProvider("gpu", 1, "gpu:0", "gpu:1")
            .opening(device -> new FakeBackend(device.id(), device.id().endsWith("1") ? 2e9 : 1e9));
    assertEquals("gpu:1", of(gpu).select(PROBLEM).chosen().id());
  }

  @Test
  void everyCandidateHasItsReason() {
    Selection selection =
        of(
                new FakeProvider("absent", 1).unavailable("no driver", "install one"),
                new FakeProvider("narrow", 2, "narrow")
                    .opening(device -> new FakeBackend(device.id()).unsupporting("too wide")),
                new FakeProvider("lost", 3, "lost")
                    .opening(
                        device -> {
                          throw new BackendException(device.id(), "device lost");
                        }),
                withPeak("fine", 4, 1e9))
            .select(PROBLEM);
    assertEquals(4, selection.candidates().size());
    String n = System.lineSeparator();
    // 20,000 FLOPs at 1 GFLOP/s.
    assertEquals(
        "fine (shortest predicted time, by estimates)"
            + n
            + "  absent: unavailable: no driver (install one)"
            + n
            + "  narrow: unsupported: too wide"
            + n
            + "  lost: unavailable: lost: device lost"
            + n
            + "  fine: predicted 0.020 ms (compute-bound: 0.020 ms computing, 0.000 ms moving"
            + " 0.01 MB, 0.000 ms launch)",
        selection.describe());
  }

  @Test
  void oneThatMisbehavesDoesNotHideTheOthers() {
    Selection selection =
        of(
                new FakeProvider("unlinked", 1, "unlinked")
                    .opening(
                        _ -> {
                          throw new UnsatisfiedLinkError("libodd.so");
                        }),
                new FakeProvider("odd", 2, "odd")
                    .opening(
                        _ -> {
                          throw new IllegalStateException("odd state");
                        }),
                new FakeProvider("mute", 3, "mute")
                    .opening(device -> new FakeBackend(device.id()).unsupporting(null)),
                withPeak("fine", 4, 1e9))
            .select(PROBLEM);
    assertEquals("fine", selection.chosen().id());
    String text = selection.describe();
    assertTrue(text.contains("unlinked: unavailable: ") && text.contains("libodd.so"), text);
    assertTrue(text.contains("odd: unavailable: ") && text.contains("odd state"), text);
    assertTrue(text.contains("mute: failed when it was asked: "), text);
  }

  @Test
  void whereNothingCanRunEveryReasonIsGiven() {
    Backends backends =
        of(
            new FakeProvider("absent", 1).unavailable("no driver", ""),
            new FakeProvider("narrow", 2, "narrow")
                .opening(device -> new FakeBackend(device.id()).unsupporting("too wide")));
    Expect.failure(
        BackendException.class,
        () -> backends.select(PROBLEM),
        "no backend can run " + CONV + " on " + SPEC,
        "absent: unavailable: no driver",
        "narrow: unsupported: too wide");
    Expect.failure(BackendException.class, () -> of().select(PROBLEM), "no backend can run");
  }

  @Test
  void anOperationThatNobodyKnowsHasTheReasons() {
    Problem add = Problem.of(Binary.add(), List.of(SPEC, SPEC));
    Expect.failure(
        BackendException.class,
        () -> of(withPeak("fine", 1, 1e9)).select(add),
        "no backend can run add on " + SPEC,
        "fine: unsupported: the backend does not know the operation add");
  }

  @Test
  void nullsAreTheCallersMistake() {
    Backends backends = of(withPeak("fine", 1, 1e9));
    Expect.nullRefused(() -> backends.select(null), "problem");
    Expect.nullRefused(() -> backends.select(PROBLEM, null), "how");
  }

  @Test
  void aWrongSettingIsTheCallersMistake() {
    Backends backends =
        of(
            new FakeProvider("picky", 1, "picky")
                .opening(
                    _ -> {
                      throw new IllegalArgumentException("picky.x is wrong");
                    }),
            withPeak("fine", 2, 1e9));
    Expect.refused(() -> backends.select(PROBLEM), "picky.x is wrong");
  }

  @Test
  void onceClosedNothingIsSelected() {
    Backends backends = of(withPeak("fine", 1, 1e9));
    backends.close();
    Expect.failure(IllegalStateException.class, () -> backends.select(PROBLEM), "closed");
  }
}
