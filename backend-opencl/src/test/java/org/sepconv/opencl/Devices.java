package org.sepconv.opencl;

import org.sepconv.conformance.Requirement;
import org.sepconv.spi.Availability;

/**
 * Tests that need a device are skipped without one, unless the build says that there must be one.
 */
public final class Devices {
  private Devices() {}

  public static void require() {
    if (new OpenClBackendProvider().probe() instanceof Availability.Unavailable(String reason, _)) {
      Requirement.missing("opencl", reason);
    }
  }
}
