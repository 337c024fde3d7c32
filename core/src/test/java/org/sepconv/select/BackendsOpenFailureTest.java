package org.sepconv.select;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.sepconv.Conv2d;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/** A device that throws while selection opens it is a verdict like any other. */
class BackendsOpenFailureTest {

  private record Broken(String name, Supplier<RuntimeException> problem)
      implements ConvBackendProvider {
    @Override
    public int rank() {
      return 1;
    }

    @Override
    public Availability probe() {
      return new Availability.Available(List.of(new DeviceInfo(name, "broken", Map.of())));
    }

    @Override
    public ConvBackend open(DeviceInfo device, BackendOptions options) {
      throw problem.get();
    }
  }

  private static void select(ConvBackendProvider... providers) {
    try (Backends backends = Backends.of(BackendOptions.defaults(), List.of(providers))) {
      backends.select(Conv2d.of(1, 1).build(), TensorSpec.nhwc(Shape.of(1, 1, 1)));
    }
  }

  @Test
  void whateverOpeningThrowsIsAReason() {
    ConvBackendProvider linkage =
        new Broken(
            "linkage",
            () -> {
              throw new UnsatisfiedLinkError("no driver library");
            });
    ConvBackendProvider state = new Broken("state", () -> new IllegalStateException("half open"));
    BackendException failure = assertThrows(BackendException.class, () -> select(linkage, state));
    assertTrue(failure.getMessage().contains("no driver library"), failure.getMessage());
    assertTrue(failure.getMessage().contains("half open"), failure.getMessage());
  }

  @Test
  void wrongSettingIsTheCallersMistake() {
    ConvBackendProvider setting =
        new Broken("setting", () -> new IllegalArgumentException("no such kernels"));
    assertThrows(IllegalArgumentException.class, () -> select(setting));
  }
}
