package org.sepconv.backend;

import java.util.List;
import java.util.Map;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/**
 * Offers the {@link org.sepconv.reference.Reference} as a backend, to those who ask for it by name.
 */
public final class ReferenceBackendProvider implements ConvBackendProvider {
  static final String NAME = "reference";

  private static final DeviceInfo DEVICE =
      new DeviceInfo(NAME, "float64 loops, rounded to float32", Map.of());

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return Integer.MAX_VALUE;
  }

  @Override
  public boolean onlyByName() {
    return true;
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(DEVICE));
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    options.of(NAME, java.util.Set.of());
    return new ReferenceBackend(device);
  }
}
