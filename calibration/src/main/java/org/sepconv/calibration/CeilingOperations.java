package org.sepconv.calibration;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.sepconv.Conv2d;
import org.sepconv.Problem;
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
  private static final Problem LAUNCH =
      Operations.on(Conv2d.pointwise(1, 1).build(), Shape.of(1, 1, 1));
  private static final List<Problem> PEAK =
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

  private static Problem pointwise(int channels, int size) {
    return Operations.on(
        Conv2d.pointwise(channels, channels).build(), Shape.of(channels, size, size));
  }

  /** All of them. */
  static List<Problem> all() {
    List<Problem> all = new ArrayList<>(List.of(LAUNCH));
    all.addAll(PEAK);
    all.addAll(moving());
    return all;
  }

  private static List<Problem> moving() {
    Conv2d copy = Conv2d.depthwise(MOVED_CHANNELS).kernel(1).build();
    List<Problem> moving = new ArrayList<>();
    int last = 0;
    for (double height = 1; ; height *= STEP) {
      int rows = (int) Math.round(height);
      Problem problem = Operations.on(copy, Shape.of(MOVED_CHANNELS, rows, MOVED_WIDTH));
      if (Operations.bytes(problem) > MOST_MOVED_BYTES) {
        return moving;
      }
      if (rows > last) {
        moving.add(problem);
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
                problem ->
                    seconds(outcomes, problem).stream()
                        .map(seconds -> Cost.of(problem).flops() / seconds))
            .max()
            .orElse(estimate.peakFlops());
    List<Bandwidth> bandwidths = new ArrayList<>();
    for (Problem problem : moving()) {
      long bytes = Operations.bytes(problem);
      seconds(outcomes, problem)
          .ifPresent(
              seconds -> {
                double moved = Math.max(seconds - launch, (1 - MOST_LAUNCH) * seconds);
                bandwidths.add(new Bandwidth(bytes, bytes / moved));
              });
    }
    return new Ceilings(
        launch, flops, bandwidths.isEmpty() ? estimate.ceilings().bandwidths() : bandwidths);
  }

  private static OptionalDouble seconds(List<Outcome> outcomes, Problem problem) {
    return outcomes.stream()
        .filter(outcome -> outcome.problem().equals(problem))
        .map(Outcome::seconds)
        .findFirst()
        .orElseGet(OptionalDouble::empty);
  }
}
