package org.sepconv.cost;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.sepconv.KernelKind;
import org.sepconv.Problem;

/**
 * A cost model that was fitted to what was measured on a device: for each kind of kernel a sum of
 * non-negative times, corrected by the measured points around. Immutable; fitting takes
 * milliseconds, so that only the measurements need to be kept.
 */
public final class Calibrated {

  /**
   * What it takes to move values between the host and the device.
   *
   * @param seconds of a transfer of nothing
   * @param bandwidth bytes/s
   */
  public record Transfer(double seconds, double bandwidth) {
    public Transfer {
      if (!(seconds >= 0 && seconds < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("a transfer takes " + seconds + " s");
      }
      if (!(bandwidth > 0 && bandwidth < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException("transfers move " + bandwidth + " bytes/s");
      }
    }

    double seconds(long bytes) {
      return seconds + bytes / bandwidth;
    }
  }

  /** Of the shares of the peak that were measured, from the least on. */
  private static final double USUAL_SHARE = 0.75;

  private final int threads;
  private final Ceilings ceilings;
  private final List<Observation> observations;
  private final Optional<Transfer> transfer;
  private final double inNetworks;
  private final Map<KernelKind, KernelFit> fits;

  /**
   * Fits a model.
   *
   * @param threads that the measured runs used
   * @param transfer empty if the device computes where the host's data is
   */
  public Calibrated(
      int threads, Ceilings ceilings, Optional<Transfer> transfer, List<Observation> observations) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be at least 1");
    }
    this.threads = threads;
    this.inNetworks = 1;
    this.fits = new EnumMap<>(KernelKind.class);
    this.ceilings = Objects.requireNonNull(ceilings, "ceilings");
    this.observations = List.copyOf(observations);
    this.transfer = transfer;
    for (KernelKind kind : KernelKind.values()) {
      List<Observation> points =
          this.observations.stream().filter(Features::exist).filter(kindred(kind)).toList();
      if (points.size() >= KernelFit.FEWEST_POINTS
          && points.stream().anyMatch(point -> point.problem().operation().kind() == kind)) {
        fits.put(kind, KernelFit.of(points, threads, ceilings));
      }
    }
  }

  private Calibrated(Calibrated alone, double inNetworks) {
    if (!(inNetworks > 0 && inNetworks < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "an operation takes " + inNetworks + " times as long in a network as alone");
    }
    this.threads = alone.threads;
    this.ceilings = alone.ceilings;
    this.observations = alone.observations;
    this.transfer = alone.transfer;
    this.inNetworks = inNetworks;
    this.fits = alone.fits;
  }

  /**
   * Whether a point says something about a kind. A grouped convolution is standard ones side by
   * side, with the same features; the few grouped points alone would fit more coefficients than
   * there are points.
   */
  private static Predicate<Observation> kindred(KernelKind kind) {
    return point -> {
      KernelKind measured = point.problem().operation().kind();
      return measured == kind || kind == KernelKind.GROUPED && measured == KernelKind.STANDARD;
    };
  }

  public int threads() {
    return threads;
  }

  public Ceilings ceilings() {
    return ceilings;
  }

  public List<Observation> observations() {
    return observations;
  }

  public Optional<Transfer> transfer() {
    return transfer;
  }

  /** How many times as long an operation takes in a network as alone; 1 if nobody measured it. */
  public double inNetworks() {
    return inNetworks;
  }

  /** The same, where so many times were measured. */
  public Calibrated withInNetworks(double times) {
    return new Calibrated(this, times);
  }

  /**
   * The share of the peak that kernels of a kind reach: of three in four of those measured no more.
   * Empty where none was.
   */
  Optional<Double> efficiency(KernelKind kind) {
    double[] shares =
        observations.stream()
            .filter(point -> point.problem().operation().kind() == kind)
            .mapToDouble(this::share)
            .filter(share -> share > 0) // not of what has no FLOPs
            .sorted()
            .toArray();
    return shares.length == 0
        ? Optional.empty()
        : Optional.of(shares[(int) Math.ceil(USUAL_SHARE * shares.length) - 1]);
  }

  private double share(Observation point) {
    long flops = Cost.of(point.problem()).flops();
    return Math.min(1, flops / (ceilings.flops() * point.seconds()));
  }

  /**
   * Empty for kinds of which nothing, or next to nothing, was measured.
   *
   * @param allWeights bytes of the weights of the network that it is a part of
   */
  Optional<Prediction> predict(Problem problem, long allWeights) {
    return Optional.ofNullable(fits.get(problem.operation().kind()))
        .map(fit -> fit.predict(problem, allWeights));
  }
}
