package org.sepconv.examples.djl;

import java.util.Map;
import org.sepconv.conformance.Requirement;
import org.sepconv.djl.DjlBackendProvider;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;

/** What the tests here need. */
final class PyTorchTests {
  private PyTorchTests() {}

  /** Starts the engine as Sepconv's own backend does, with its cache and offline, or skips. */
  static void require() {
    DjlBackendProvider provider = new DjlBackendProvider();
    if (provider.probe() instanceof Availability.Unavailable(String reason, String remedy)) {
      Requirement.missing("djl", "no PyTorch: " + reason + "; " + remedy);
    }
    provider
        .open(new DeviceInfo("djl", "test", Map.of()), BackendOptions.defaults().withThreads(1))
        .close();
  }
}
