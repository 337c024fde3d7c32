package org.sepconv.calibration;

import java.time.Instant;
import java.util.Objects;
import org.sepconv.cost.Calibrated;

/**
 * What was measured on a device, and when.
 *
 * @param brief whether it was {@link Calibration#runBriefly}: a whole calibration replaces it
 */
public record StoredProfile(ProfileKey key, Instant measuredAt, boolean brief, Calibrated model) {
  public StoredProfile {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(measuredAt, "measuredAt");
    Objects.requireNonNull(model, "model");
  }
}
