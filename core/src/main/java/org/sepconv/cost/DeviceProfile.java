package org.sepconv.cost;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sepconv.ConvKind;

/**
 * What a device can do, as far as the cost model knows.
 *
 * @param source where the numbers come from, for instance {@code estimated from 2 threads x 16
 *     lanes}
 * @param peakFlops float32 FLOP/s with every core at work (two for each fused multiply-add)
 * @param bandwidth bytes/s of main memory
 * @param launchSeconds the time of a call that computes nothing
 * @param efficiency for each kind of convolution, the share of {@code peakFlops} that its kernels
 *     reach, in (0, 1]
 * @param calibrated a model that was fitted on the device; without one the other numbers serve
 */
public record DeviceProfile(
    String source,
    double peakFlops,
    double bandwidth,
    double launchSeconds,
    Map<ConvKind, Double> efficiency,
    Optional<Calibrated> calibrated) {

  /** An estimate. */
  public DeviceProfile(
      String source,
      double peakFlops,
      double bandwidth,
      double launchSeconds,
      Map<ConvKind, Double> efficiency) {
    this(source, peakFlops, bandwidth, launchSeconds, efficiency, Optional.empty());
  }

  public DeviceProfile {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(efficiency, "efficiency");
    Objects.requireNonNull(calibrated, "calibrated");
    requirePositive("peak", peakFlops);
    requirePositive("bandwidth", bandwidth);
    if (!(launchSeconds >= 0 && launchSeconds < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "launch overhead is " + launchSeconds + " s, but must be finite and not negative");
    }
    efficiency = Map.copyOf(efficiency);
    for (ConvKind kind : ConvKind.values()) {
      double share = efficiency.getOrDefault(kind, 0.0);
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException(
            "efficiency of %s is %s, not in (0, 1]".formatted(kind, share));
      }
    }
  }

  /** The same device, calibrated: what was measured replaces what was estimated. */
  public DeviceProfile withCalibrated(String measured, Calibrated model) {
    Ceilings ceilings = model.ceilings();
    Map<ConvKind, Double> reached = new EnumMap<>(efficiency);
    for (ConvKind kind : ConvKind.values()) {
      model.efficiency(kind).ifPresent(share -> reached.put(kind, share));
    }
    return new DeviceProfile(
        measured,
        ceilings.flops(),
        ceilings.levels().getLast().bytesPerSecond(),
        ceilings.launchSeconds(),
        reached,
        Optional.of(model));
  }

  private static void requirePositive(String what, double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "%s is %s, but must be positive and finite".formatted(what, value));
    }
  }
}
