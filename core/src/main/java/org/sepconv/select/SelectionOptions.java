package org.sepconv.select;

import java.time.Duration;
import java.util.Objects;

/**
 * How {@link Backends#select} chooses.
 *
 * @param mode predicted, or measured
 * @param data where the input lies, and the output is wanted
 * @param trialTime in a measured selection, how long each device that is tried may run to warm up,
 *     and again to be measured, once it has prepared the convolution (which may take as long as
 *     {@link org.sepconv.spi.BackendOptions#warmUp()} more) and run it once. One run may be longer;
 *     a trial ends earlier when one device is clearly ahead
 * @param cache where answers of measured selections are kept
 * @param firstUse what is done about devices that were never calibrated
 */
public record SelectionOptions(
    SelectionMode mode,
    DataLocation data,
    Duration trialTime,
    SelectionCache cache,
    FirstUse firstUse) {

  private static final Duration USUAL_TRIAL = Duration.ofSeconds(1);

  public SelectionOptions {
    Objects.requireNonNull(mode, "mode");
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(cache, "cache");
    Objects.requireNonNull(firstUse, "firstUse");
    if (!trialTime.isPositive()) {
      throw new IllegalArgumentException(
          "trial time is %s, but must be positive".formatted(trialTime));
    }
  }

  /** By the cost model, for data that lies where it runs. */
  public static SelectionOptions predicted() {
    return new SelectionOptions(
        SelectionMode.PREDICTED,
        DataLocation.whereItRuns(),
        USUAL_TRIAL,
        SelectionCache.off(),
        FirstUse.ESTIMATE);
  }

  /**
   * By a trial of up to two seconds a device, for data that lies where it runs, kept in the user's
   * cache folder. Use the same options again: what they remember needs no file.
   */
  public static SelectionOptions measured() {
    return new SelectionOptions(
        SelectionMode.MEASURED,
        DataLocation.whereItRuns(),
        USUAL_TRIAL,
        SelectionCache.user(),
        FirstUse.ESTIMATE);
  }

  public SelectionOptions withData(DataLocation location) {
    return new SelectionOptions(mode, location, trialTime, cache, firstUse);
  }

  public SelectionOptions withTrialTime(Duration budget) {
    return new SelectionOptions(mode, data, budget, cache, firstUse);
  }

  public SelectionOptions withCache(SelectionCache answers) {
    return new SelectionOptions(mode, data, trialTime, answers, firstUse);
  }

  public SelectionOptions withFirstUse(FirstUse what) {
    return new SelectionOptions(mode, data, trialTime, cache, what);
  }
}
