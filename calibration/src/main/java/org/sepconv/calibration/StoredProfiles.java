package org.sepconv.calibration;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.ProfileSource;

/**
 * The profiles that {@code sepconv calibrate} or {@link Calibration} left in a {@link
 * ProfileStore}: the user's, unless the system property {@code sepconv.profiles} names another
 * folder or is {@code off}.
 */
public final class StoredProfiles implements ProfileSource {

  /** {@code auto}, {@code off}, or a folder. */
  public static final String PROPERTY = "sepconv.profiles";

  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Optional<ProfileStore> store;

  /** For {@link java.util.ServiceLoader}. */
  public StoredProfiles() {
    this(CacheFolder.of(System.getProperty(PROPERTY, "auto")).map(ProfileStore::in));
  }

  /** From this store. */
  public StoredProfiles(ProfileStore store) {
    this(Optional.of(store));
  }

  private StoredProfiles(Optional<ProfileStore> store) {
    this.store = store;
  }

  @Override
  public Optional<DeviceProfile> profile(
      DeviceInfo device, BackendOptions options, DeviceProfile estimate) {
    return store
        .flatMap(profiles -> profiles.find(ProfileKey.of(device, options)))
        .map(
            found ->
                estimate.withCalibrated(
                    "calibrated on %s with %d operations"
                        .formatted(
                            DAY.format(found.measuredAt()), found.model().observations().size()),
                    found.model()));
  }
}
