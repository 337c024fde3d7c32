package org.sepconv.calibration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sepconv.KernelKind;
import org.sepconv.Problem;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.calibration.Rounds.Progress;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.Ceilings;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Observation;
import org.sepconv.cost.Prediction;
import org.sepconv.cost.Term;
import org.sepconv.graph.Networks;
import org.sepconv.select.Predictions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Quantiles;

/** Measures a device for the cost model: a designed set of operations, and transfers. */
public final class Calibration {

  /** How long a calibration takes unless told otherwise. */
  public static final Duration USUAL = Duration.ofSeconds(50);

  /** And a brief one, beside the time that its few kernels take to be compiled. */
  public static final Duration BRIEF = Duration.ofSeconds(3);

  /** How many of each kind; what more people run, and what depends on more, gets more. */
  private static final Map<KernelKind, Integer> COUNTS =
      Map.of(
          KernelKind.STANDARD, 48,
          KernelKind.DEPTHWISE, 44,
          KernelKind.POINTWISE, 36,
          KernelKind.SEPARABLE, 48,
          KernelKind.GROUPED, 9);

  /** Of a kind, however little time there is. */
  private static final int FEWEST = 4;

  /** Percent of the time for the first look at everything. */
  private static final int FIRST_SHARE = 75;

  /** What takes this many times as long as it should is measured once more. */
  private static final double SUSPECT = 1.5;

  /** And what still takes this many times as long says nothing about others. */
  private static final double OUTLIER = 3;

  private static final Duration LONGEST_AGAIN = Duration.ofMillis(1500);

  /** What runs in a network is compared with what runs alone, if there is time to compile these. */
  private static final List<String> NETWORKS = List.of("mobilenet_v1", "mobilenet_v2");

  private static final int NETWORK_SIZE = 128;
  private static final Duration FEWEST_FOR_NETWORKS = Duration.ofSeconds(25);

  /** One in so many parts of the time; the operations before them are as much fewer. */
  private static final int NETWORKS_SHARE = 10;

  /** More would be something else: code that is not compiled, or a disturbance. */
  private static final double MOST_IN_NETWORKS = 1.5;

  private static final int TRANSFERS = 9;
  private static final Shape SMALL = Shape.of(16, 8, 8);
  private static final Shape LARGE = Shape.of(64, 128, 128);

  /**
   * What came out.
   *
   * @param skipped operations that could not be measured, each with the reason
   */
  public record Result(Calibrated model, List<String> skipped) {
    public Result {
      skipped = List.copyOf(skipped);
    }
  }

  private final ConvBackend backend;
  private final int threads;
  private final LongSupplier nanos;

  /**
   * Of an opened device.
   *
   * @param threads with which it was opened
   */
  public Calibration(ConvBackend backend, int threads) {
    this(backend, threads, System::nanoTime);
  }

  Calibration(ConvBackend backend, int threads, LongSupplier nanos) {
    this.backend = backend;
    this.threads = threads;
    this.nanos = nanos;
  }

  /**
   * Measures, in about this time; with less than {@link #USUAL} fewer operations.
   *
   * @param progress is told of nanoseconds out of {@code budget}
   * @throws org.sepconv.spi.BackendException if the device cannot move values
   */
  public Result run(Duration budget, Progress progress) {
    if (budget.compareTo(FEWEST_FOR_NETWORKS) < 0) {
      return operations(budget, progress);
    }
    Duration forNetworks = budget.dividedBy(NETWORKS_SHARE);
    Duration forOperations = budget.minus(forNetworks);
    long done = forOperations.toNanos();
    return withNetworks(
        operations(forOperations, progress),
        forNetworks,
        (more, what) -> progress.at(done + more, what));
  }

  /** With how many times as long networks take as the sum of their operations alone. */
  private Result withNetworks(Result alone, Duration budget, Progress progress) {
    DeviceProfile profile = backend.profile().withCalibrated("not complete", alone.model);
    List<Problem> networks =
        NETWORKS.stream().map(name -> Networks.of(name, NETWORK_SIZE, 1).problem()).toList();
    List<Outcome> outcomes =
        new Rounds(backend, nanos).measure(networks, budget.dividedBy(networks.size()), progress);
    double times =
        outcomes.stream()
            .filter(outcome -> outcome.seconds().isPresent())
            .mapToDouble(
                outcome ->
                    outcome.seconds().getAsDouble()
                        / Predictions.of(outcome.problem(), backend, profile).seconds())
            .average()
            .orElse(1);
    List<String> skipped = new ArrayList<>(alone.skipped);
    outcomes.forEach(outcome -> addSkipped(outcome, skipped));
    double believed = Math.clamp(times, 1 / MOST_IN_NETWORKS, MOST_IN_NETWORKS);
    return new Result(alone.model.withInNetworks(believed), skipped);
  }

  private Result operations(Duration budget, Progress progress) {
    List<Problem> problems = CeilingOperations.all(backend);
    int ceilingCount = problems.size();
    for (KernelKind kind : Operations.KINDS) {
      int count =
          (int) Math.round(Objects.requireNonNull(COUNTS.get(kind)) * Math.min(1, share(budget)));
      problems.addAll(Operations.covering(kind, Math.max(FEWEST, count)));
    }
    Duration each = budget.multipliedBy(FIRST_SHARE).dividedBy(100L * problems.size());
    long first = each.toNanos() * problems.size();
    List<Outcome> outcomes =
        new ArrayList<>(new Rounds(backend, nanos).measure(problems, each, progress));
    List<Outcome> shown = outcomes.subList(0, ceilingCount);
    Ceilings ceilings = CeilingOperations.of(shown, backend.profile());
    List<String> skipped = new ArrayList<>();
    shown.forEach(outcome -> addSkipped(outcome, skipped));
    List<Outcome> ofWeights = CeilingOperations.ofWeights(shown);
    shown.clear();
    outcomes.addAll(ofWeights);
    Map<Problem, Outcome> again = new HashMap<>();
    List<Problem> suspects = slow(outcomes, SUSPECT, ceilings);
    if (!suspects.isEmpty()) {
      Duration rest = budget.minusNanos(first).dividedBy(suspects.size());
      Duration longer = rest.compareTo(LONGEST_AGAIN) < 0 ? rest : LONGEST_AGAIN;
      new Rounds(backend, nanos)
          .measure(suspects, longer, (done, what) -> progress.at(first + done, what + " again"))
          .forEach(outcome -> again.put(outcome.problem(), outcome));
      outcomes.replaceAll(outcome -> again.getOrDefault(outcome.problem(), outcome));
    }
    for (Problem slow : slow(outcomes, OUTLIER, ceilings)) {
      skipped.add(
          "%s: more than %s times as long as its kind usually takes"
              .formatted(Operations.describe(slow), OUTLIER));
      outcomes.removeIf(outcome -> outcome.problem().equals(slow));
    }
    outcomes.forEach(outcome -> addSkipped(outcome, skipped));
    Calibrated model =
        new Calibrated(threads, ceilings, Optional.of(transfer()), observations(outcomes));
    return new Result(model, skipped);
  }

  /**
   * Measures what bounds every run, and a few typical operations: enough for a roofline with the
   * caches of this device and the usual efficiency of its kernels, but not for a fit.
   *
   * @param progress is told of nanoseconds out of {@code budget}
   * @throws org.sepconv.spi.BackendException if the device cannot move values
   */
  public Result runBriefly(Duration budget, Progress progress) {
    List<Problem> problems = CeilingOperations.fewest();
    int ceilingCount = problems.size();
    problems.addAll(Operations.typical());
    List<Outcome> outcomes =
        new Rounds(backend, nanos).measure(problems, budget.dividedBy(problems.size()), progress);
    List<String> skipped = new ArrayList<>();
    outcomes.forEach(outcome -> addSkipped(outcome, skipped));
    Ceilings ceilings = CeilingOperations.of(outcomes.subList(0, ceilingCount), backend.profile());
    List<Outcome> typical = outcomes.subList(ceilingCount, outcomes.size());
    Calibrated model =
        new Calibrated(threads, ceilings, Optional.of(transfer()), observations(typical));
    return new Result(model, skipped);
  }

  private static double share(Duration budget) {
    return (double) budget.toNanos() / USUAL.toNanos();
  }

  private static void addSkipped(Outcome outcome, List<String> skipped) {
    if (outcome.seconds().isEmpty()) {
      skipped.add(outcome.what() + ": " + outcome.reason());
    }
  }

  /** Those that took this many times what a sum of features explains: not warm, or disturbed. */
  private List<Problem> slow(List<Outcome> outcomes, double times, Ceilings ceilings) {
    List<Observation> points = observations(outcomes);
    DeviceProfile fitted =
        backend
            .profile()
            .withCalibrated(
                "not complete", new Calibrated(threads, ceilings, Optional.empty(), points));
    List<Problem> slow = new ArrayList<>();
    for (Observation point : points) {
      Prediction prediction = CostModel.predict(point.problem(), fitted);
      double neighbours =
          prediction.terms().stream()
              .filter(term -> term.name().equals(CostModel.NEIGHBOURS))
              .mapToDouble(Term::seconds)
              .sum();
      if (point.seconds() > times * (prediction.seconds() - neighbours)) {
        slow.add(point.problem());
      }
    }
    return slow;
  }

  private static List<Observation> observations(List<Outcome> outcomes) {
    List<Observation> observations = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      outcome
          .seconds()
          .ifPresent(seconds -> observations.add(new Observation(outcome.problem(), seconds)));
    }
    return observations;
  }

  private Transfer transfer() {
    double small = transferSeconds(SMALL);
    double large = transferSeconds(LARGE);
    double perByte = Math.max(1e-15, (large - small) / (LARGE.bytes() - SMALL.bytes()));
    return new Transfer(Math.max(0, small - perByte * SMALL.bytes()), 1 / perByte);
  }

  /** One way: half of there and back. */
  private double transferSeconds(Shape shape) {
    float[] values = new float[shape.elements()];
    List<Double> samples = new ArrayList<>();
    try (Tensor tensor = backend.allocate(TensorSpec.nhwc(shape))) {
      for (int warm = 0; warm < 2; warm++) {
        samples.clear();
        for (int i = 0; i < TRANSFERS; i++) {
          long start = nanos.getAsLong();
          tensor.write(values);
          tensor.read(values);
          samples.add((nanos.getAsLong() - start) / 2e9);
        }
      }
    }
    return Quantiles.median(samples);
  }
}
