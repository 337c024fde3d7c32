package org.sepconv.select;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ProfileSource;

/**
 * What the cost model knows of devices: from the first source that has it, or else the estimate of
 * the backend. Each device is asked about once. Thread-safe.
 */
final class Profiles {
  private static final System.Logger LOGGER = System.getLogger(Profiles.class.getName());

  private final BackendOptions options;
  private final List<ProfileSource> sources;
  private final Map<String, DeviceProfile> found = new LinkedHashMap<>();

  Profiles(BackendOptions options, List<ProfileSource> sources) {
    this.options = options;
    this.sources = List.copyOf(sources);
  }

  /** The sources on the class path; none if they cannot be looked up. */
  static List<ProfileSource> sources() {
    List<ProfileSource> sources = new ArrayList<>();
    try {
      ServiceLoader.load(ProfileSource.class).forEach(sources::add);
    } catch (ServiceConfigurationError | LinkageError failure) {
      LOGGER.log(System.Logger.Level.WARNING, "a source of profiles is left out: " + failure);
    }
    return sources;
  }

  synchronized DeviceProfile of(ConvBackend backend) {
    DeviceProfile estimate = backend.profile();
    return sources.isEmpty()
        ? estimate
        : found.computeIfAbsent(backend.device().id(), _ -> better(backend, estimate));
  }

  /** Has a device calibrated that no source knows, if one of them can. */
  synchronized void calibrate(ConvBackend backend) {
    if (of(backend).calibrated().isPresent()) {
      return;
    }
    for (ProfileSource source : sources) {
      try {
        Optional<DeviceProfile> measured = source.calibrate(backend, options);
        if (measured.isPresent()) {
          found.put(backend.device().id(), measured.get());
          return;
        }
      } catch (RuntimeException failure) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            backend.device().id() + " could not be calibrated: its estimate serves",
            failure);
      }
    }
  }

  private DeviceProfile better(ConvBackend backend, DeviceProfile estimate) {
    for (ProfileSource source : sources) {
      try {
        Optional<DeviceProfile> better = source.profile(backend.device(), options, estimate);
        if (better.isPresent()) {
          return better.get();
        }
      } catch (RuntimeException failure) {
        LOGGER.log(System.Logger.Level.WARNING, "no profile from " + source, failure);
      }
    }
    return estimate;
  }
}
