package org.sepconv.cost;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.sepconv.KernelKind;

/**
 * What a device can do, as far as the cost model knows.
 *
 * @param source where the numbers come from, for instance {@code estimated from 2 threads x 16
 *     lanes}
 * @param ceilings what bounds every run: float32 FLOP/s with every core at work (two for each fused
 *     multiply-add), the bandwidths of caches and memory, and the time of a call that computes
 *     nothing
 * @param efficiency for the kinds of kernels that are known, the share of {@code peakFlops} that
 *     they reach, in (0, 1]
 * @param calibrated a model that was fitted on the device; without one the other numbers serve
 */
public record DeviceProfile(
    String source,
    Ceilings ceilings,
    Map<KernelKind, Double> efficiency,
    Optional<Calibrated> calibrated) {
  /** Of the float64 reference, in loops of which a compiler makes what it can, on one thread. */
  public static final DeviceProfile REFERENCE =
      new DeviceProfile("estimated: plain loops on one thread", 1e9, 1e9, 1e-6, Map.of());

  /** Of kernels that nobody measured: what loops that a compiler vectorised reach. */
  private static final double UNKNOWN_EFFICIENCY = 0.1;

  /** An estimate that rests on ceilings. */
  public DeviceProfile(String source, Ceilings ceilings, Map<KernelKind, Double> efficiency) {
    this(source, ceilings, efficiency, Optional.empty());
  }

  /** An estimate with one bandwidth, in bytes/s, for all sizes. */
  public DeviceProfile(
      String source,
      double peakFlops,
      double bandwidth,
      double launchSeconds,
      Map<KernelKind, Double> efficiency) {
    this(
        source,
        new Ceilings(launchSeconds, peakFlops, List.of(new Ceilings.Bandwidth(1, bandwidth))),
        efficiency);
  }

  public DeviceProfile {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(ceilings, "ceilings");
    Objects.requireNonNull(efficiency, "efficiency");
    Objects.requireNonNull(calibrated, "calibrated");
    efficiency = Map.copyOf(efficiency);
    efficiency.forEach(
        (kind, share) -> {
          if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                "efficiency of %s is %s, not in (0, 1]".formatted(kind, share));
          }
        });
  }

  /**
   * The share of {@code peakFlops} that kernels of a kind reach, in (0, 1]; a low one where the
   * profile does not know the kind.
   */
  public double efficiency(KernelKind kind) {
    return efficiency.getOrDefault(kind, UNKNOWN_EFFICIENCY);
  }

  /** The same device, calibrated: what was measured replaces what was estimated. */
  public DeviceProfile withCalibrated(String measured, Calibrated model) {
    Map<KernelKind, Double> reached = new EnumMap<>(KernelKind.class);
    reached.putAll(efficiency);
    for (KernelKind kind : KernelKind.values()) {
      model.efficiency(kind).ifPresent(share -> reached.put(kind, share));
    }
    return new DeviceProfile(measured, model.ceilings(), reached, Optional.of(model));
  }

  /** Float32 FLOP/s with every core at work. */
  public double peakFlops() {
    return ceilings.flops();
  }

  /** Bytes/s of main memory. */
  public double bandwidth() {
    return ceilings.levels().getLast().bytesPerSecond();
  }

  /** The time of a call that computes nothing. */
  public double launchSeconds() {
    return ceilings.launchSeconds();
  }
}
