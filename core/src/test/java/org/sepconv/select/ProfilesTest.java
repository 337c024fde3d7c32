package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.FakeBackend;
import org.sepconv.spi.ProfileSource;

class ProfilesTest {
  private static final BackendOptions OPTIONS = BackendOptions.defaults();

  private static ProfileSource calibrated(String name, List<String> asked) {
    return (device, _, estimate) -> {
      asked.add(name + " about " + device.id());
      Calibrated model = new Calibrated(1, Ceilings.of(estimate), Optional.empty(), List.of());
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
}
