package org.sepconv.examples.backend;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sepconv.spi.*;

/** Offers {@link LoopsBackend} to whoever has it on the class path. */
public final class LoopsBackendProvider implements ConvBackendProvider {
  private static final String NAME = "loops";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int rank() {
    return 1_000; // behind every backend that is made for speed
  }

  @Override
  public Availability probe() {
    return new Availability.Available(List.of(new DeviceInfo(NAME, "float32 loops", Map.of())));
  }

  @Override
  public ConvBackend open(DeviceInfo device, BackendOptions options) {
    options.of(NAME, Set.of()); // it has no settings, and refuses what looks like one
    return new LoopsBackend(device);
  }
}
