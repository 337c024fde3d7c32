package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.select.Selection.Verdict;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.FakeBackend;
import org.sepconv.spi.ProfileSource;

class ProfilesTest {
  private static final BackendOptions OPTIONS = BackendOptions.defaults();

  private static ProfileSource calibrated(String name, List<String> asked) {
    return (device, _, estimate) -> {
      asked.add(name + " about " + device.id());
      Calibrated model = new Calibrated(1, estimate.ceilings(), Optional.empty(), List.of());
      return Optional.of(estimate.withCalibrated(name, model));
    };
  }

  @Test
  void withoutSourcesTheEstimateServes() {
    try (FakeBackend backend = new FakeBackend("a")) {
      assertEquals(backend.profile(), new Profiles(OPTIONS, List.of()).of(backend));
    }
  }

  @Test
  void theFirstSourceThatKnowsIsTakenAndAskedOnce() {
    List<String> asked = new ArrayList<>();
    ProfileSource unknowing = (_, _, _) -> Optional.empty();
    ProfileSource broken =
        (_, _, _) -> {
          throw new IllegalStateException("the disk is full of water");
        };
    try (FakeBackend backend = new FakeBackend("a")) {
      Profiles profiles =
          new Profiles(
              OPTIONS,
              List.of(unknowing, broken, calibrated("one", asked), calibrated("two", asked)));
      DeviceProfile profile = profiles.of(backend);
      assertEquals("one", profile.source());
      assertEquals(profile, profiles.of(backend));
      assertEquals(List.of("one about " + backend.device().id()), asked);
    }
  }

  /** Knows nothing, but can measure. */
  private static final class Measuring implements ProfileSource {
    private int calibrations;
    private boolean fails;

    @Override
    public Optional<DeviceProfile> profile(
        DeviceInfo device, BackendOptions options, DeviceProfile estimate) {
      return Optional.empty();
    }

    @Override
    public Optional<DeviceProfile> calibrate(ConvBackend backend, BackendOptions options) {
      calibrations++;
      if (fails) {
        throw new BackendException(backend.device().id(), "too hot");
      }
      Ceilings ceilings = new Ceilings(0, 5e9, List.of(new Bandwidth(1, 1e15)));
      Calibrated model = new Calibrated(1, ceilings, Optional.empty(), List.of());
      return Optional.of(backend.profile().withCalibrated("measured", model));
    }
  }

  private static final Problem PROBLEM =
      Problem.of(Conv2d.pointwise(10, 10).build(), TensorSpec.nchw(Shape.of(10, 10, 10)));

  private static double predicted(Backends backends, SelectionOptions how) {
    Selection selection = backends.select(PROBLEM, how);
    return ((Verdict.Predicted) selection.candidates().getFirst().verdict()).prediction().seconds();
  }

  private static Backends backends(Measuring source) {
    return Backends.of(OPTIONS, List.of(new FakeProvider("fake", 1, "fake")), List.of(source));
  }

  @Test
  void selectionCalibratesOnceWhereThatIsWanted() {
    Measuring source = new Measuring();
    try (Backends backends = backends(source)) {
      assertEquals(20e3 / 1e9, predicted(backends, SelectionOptions.predicted()), 1e-9);
      assertEquals(0, source.calibrations);
      SelectionOptions calibrating = SelectionOptions.predicted().withFirstUse(FirstUse.CALIBRATE);
      assertEquals(20e3 / 5e9, predicted(backends, calibrating), 1e-9);
      assertEquals(20e3 / 5e9, predicted(backends, calibrating), 1e-9);
      assertEquals(1, source.calibrations);
    }
  }

  @Test
  void whatCannotBeCalibratedKeepsItsEstimate() {
    Measuring source = new Measuring();
    source.fails = true;
    try (Backends backends = backends(source)) {
      SelectionOptions calibrating = SelectionOptions.predicted().withFirstUse(FirstUse.CALIBRATE);
      assertEquals(20e3 / 1e9, predicted(backends, calibrating), 1e-9);
    }
  }
}
