package org.sepconv.spi;

import java.util.Optional;
import org.sepconv.cost.DeviceProfile;

/**
 * Knows more about devices than their backends do: what was measured on them. Found with {@link
 * java.util.ServiceLoader} and asked once for each opened device; must be quick, and measure
 * nothing itself.
 */
public interface ProfileSource {

  /**
   * A better profile of a device, if there is one.
   *
   * @param options with which the device is opened
   * @param estimate what its backend says
   */
  Optional<DeviceProfile> profile(
      DeviceInfo device, BackendOptions options, DeviceProfile estimate);
}
