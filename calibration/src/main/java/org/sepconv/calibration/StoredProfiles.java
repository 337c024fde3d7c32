package org.sepconv.calibration;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.cache.CacheFolder;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
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

  private static final System.Logger LOGGER = System.getLogger(StoredProfiles.class.getName());

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
        .map(found -> calibrated(estimate, found));
  }

  private static DeviceProfile calibrated(DeviceProfile estimate, StoredProfile profile) {
    return estimate.withCalibrated(
        "%scalibrated on %s with %d operations"
            .formatted(
                profile.brief() ? "briefly " : "",
                DAY.format(profile.measuredAt()),
                profile.model().observations().size()),
        profile.model());
  }

  /** Briefly; where profiles are {@code off}, for this process alone. */
  @Override
  public Optional<DeviceProfile> calibrate(ConvBackend backend, BackendOptions options) {
    Calibration.Result result =
        new Calibration(backend, options.threads()).runBriefly(Calibration.BRIEF, (_, _) -> {});
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    StoredProfile profile =
        new StoredProfile(ProfileKey.of(backend.device(), options), now, true, result.model());
    if (store.isPresent()) {
      try {
        store.get().save(profile);
      } catch (IOException failure) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "the profile of {0} could not be kept, and will be measured again: {1}",
            backend.device().id(),
            failure.getMessage());
      }
    }
    return Optional.of(calibrated(backend.profile(), profile));
  }
}
