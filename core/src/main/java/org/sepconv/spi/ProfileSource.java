package org.sepconv.spi;

import java.util.Optional;
import org.sepconv.cost.DeviceProfile;

/**
 * Knows more about devices than their backends do: what was measured on them. Found with {@link
 * java.util.ServiceLoader}.
 */
public interface ProfileSource {

  /**
   * A better profile of a device, if there is one. Asked once for each opened device; must be
   * quick, and measure nothing.
   *
   * @param options with which the device is opened
   * @param estimate what its backend says
   */
  Optional<DeviceProfile> profile(
      DeviceInfo device, BackendOptions options, DeviceProfile estimate);

  /**
   * Measures a device for some seconds, where this source can, and keeps what it finds.
   *
   * @param options with which it was opened
   * @return empty if this source cannot measure
   * @throws RuntimeException if the device fails; it is left without a profile
   */
  default Optional<DeviceProfile> calibrate(ConvBackend backend, BackendOptions options) {
    return Optional.empty();
  }
}
