package org.sepconv.spi;

import java.util.List;

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
   * @param remedy what the user can do about it
   */
  record Unavailable(String reason, String remedy) implements Availability {}
}
