package org.sepconv.opencl;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.sepconv.spi.Availability;

/**
 * Tests that need a device are skipped without one, unless the build says that there must be one.
 */
public final class Devices {
  private Devices() {}

  public static void require() {
    if (new OpenClBackendProvider().probe() instanceof Availability.Unavailable(String reason, _)) {
      if (Optional.ofNullable(System.getenv("SEPCONV_REQUIRE")).orElse("").contains("opencl")) {
        fail(reason);
      }
      System.out.println("skipped: " + reason);
      Assumptions.abort(reason);
    }
  }
}
