package org.sepconv.select;

/** What selection does about a device that was never calibrated. */
public enum FirstUse {
  /** Its backend's estimate serves: at once, but it may be off by a factor of two and more. */
  ESTIMATE,
  /**
   * It is calibrated briefly, for some seconds, before anything is predicted; the profile is kept
   * until {@code sepconv calibrate} makes a better one. Needs {@code sepconv-calibration} on the
   * class path: without it, the estimate serves.
   */
  CALIBRATE
}
