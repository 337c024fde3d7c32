package org.sepconv.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.sepconv.Conv2d;
import org.sepconv.Shape;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.Ceilings.Bandwidth;
import org.sepconv.cost.Cost;
import org.sepconv.cost.DeviceProfile;

/**
 * Operations that show one ceiling of a device each, whatever its backend: the smallest one its
 * launch, large pointwise ones its peak, and depthwise ones of a single tap, which do little but
 * move, its bandwidth from 14 KB to 64 MB.
 */
final class CeilingOperations {
  private static final Workload LAUNCH =
      new Workload(Conv2d.pointwise(1, 1).build(), Shape.of(1, 1, 1));
  private static final List<Workload> PEAK =
      List.of(pointwise(256, 28), pointwise(512, 14), pointwise(512, 56));

  /** One width and few channels: one kernel, which is compiled once. */
  private static final int MOVED_CHANNELS = 16;

  private static final int MOVED_WIDTH = 112;
  private static final long MOST_MOVED_BYTES = 64_000_000;

  /** Caches end suddenly: three sizes for each doubling. */
  private static final double STEP = Math.cbrt(2);

  /** What a launch takes of a short run is guessed, but never more than this share of it. */
  private static final double MOST_LAUNCH = 0.5;

  private CeilingOperations() {}

  private static Workload pointwise(int channels, int size) {
    return new Workload(
        Conv2d.pointwise(channels, channels).build(), Shape.of(channels, size, size));
  }

  /** All of them. */
  static List<Workload> all() {
    List<Workload> all = new ArrayList<>(List.of(LAUNCH));
    all.addAll(PEAK);
    all.addAll(moving());
    return all;
  }

  private static List<Workload> moving() {
    Conv2d copy = Conv2d.depthwise(MOVED_CHANNELS).kernel(1).build();
    List<Workload> moving = new ArrayList<>();
    int last = 0;
    for (double height = 1; ; height *= STEP) {
      int rows = (int) Math.round(height);
      Workload load = new Workload(copy, Shape.of(MOVED_CHANNELS, rows, MOVED_WIDTH));
      if (load.bytes() > MOST_MOVED_BYTES) {
        return moving;
      }
      if (rows > last) {
        moving.add(load);
        last = rows;
      }
    }
  }

  /** The ceilings that they show; those of the estimate where none could be measured. */
  static Ceilings of(List<Outcome> outcomes, DeviceProfile estimate) {
    double launch = seconds(outcomes, LAUNCH).orElse(estimate.launchSeconds());
    double flops =
        PEAK.stream()
            .flatMapToDouble(
                load -> seconds(outcomes, load).stream().map(seconds -> flops(load) / seconds))
            .max()
            .orElse(estimate.peakFlops());
    List<Bandwidth> bandwidths = new ArrayList<>();
    for (Workload load : moving()) {
      seconds(outcomes, load)
          .ifPresent(
              seconds -> {
                double moved = Math.max(seconds - launch, (1 - MOST_LAUNCH) * seconds);
                bandwidths.add(new Bandwidth(load.bytes(), load.bytes() / moved));
              });
    }
    return new Ceilings(
        launch, flops, bandwidths.isEmpty() ? estimate.ceilings().bandwidths() : bandwidths);
  }

  private static long flops(Workload load) {
    return Cost.of(load.convolution(), load.input()).flops();
  }

  private static OptionalDouble seconds(List<Outcome> outcomes, Workload load) {
    return outcomes.stream()
        .filter(outcome -> outcome.workload().equals(load))
        .map(Outcome::seconds)
        .findFirst()
        .orElseGet(OptionalDouble::empty);
  }
}
