package org.sepconv.spi;

import java.util.List;
import java.util.Objects;

/** Whether a backend can be used on this machine. */
public sealed interface Availability {

  /** The devices that can be opened, the default one first; never empty. */
  record Available(List<DeviceInfo> devices) implements Availability {
    public Available {
      devices = List.copyOf(devices);
      if (devices.isEmpty()) {
        throw new IllegalArgumentException("no devices: say Unavailable, with the reason");
      }
    }
  }

  /**
   * No device can be opened.
   *
   * @param reason what is missing
   * @param remedy what the user can do about it; empty where nothing can be done
   */
  record Unavailable(String reason, String remedy) implements Availability {
    public Unavailable {
      Objects.requireNonNull(reason, "reason");
      Objects.requireNonNull(remedy, "remedy");
    }
  }
}
