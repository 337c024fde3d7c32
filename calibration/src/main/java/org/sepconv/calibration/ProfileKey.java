package org.sepconv.calibration;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;

/**
 * What a profile holds for: whatever may change how fast a device is.
 *
 * @param device its id
 * @param fingerprint its name, its driver and what else it says of itself
 * @param settings of its backend, by their keys
 * @param jdk the JVM and its version
 * @param library the version of Sepconv
 */
public record ProfileKey(
    String device,
    String fingerprint,
    int threads,
    Map<String, String> settings,
    String jdk,
    String library) {

  public ProfileKey {
    settings = Map.copyOf(settings);
  }

  /** Of an opened device, in this JVM. */
  public static ProfileKey of(DeviceInfo device, BackendOptions options) {
    String backend = device.id().replaceFirst(":.*", "") + ".";
    Map<String, String> settings = new TreeMap<>(options.properties());
    settings.keySet().removeIf(key -> !key.startsWith(backend));
    return new ProfileKey(
        device.id(),
        device.fingerprint(),
        options.threads(),
        settings,
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        Optional.ofNullable(Calibration.class.getPackage().getImplementationVersion())
            .orElse("unpackaged"));
  }

  /** All of it on one line, the same for equal keys. */
  String text() {
    return String.join(
        "\n", device, fingerprint, "" + threads, new TreeMap<>(settings).toString(), jdk, library);
  }
}
