package org.sepconv.calibration;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.calibration.Rounds.Outcome;
import org.sepconv.calibration.Rounds.Progress;
import org.sepconv.cost.Calibrated;
import org.sepconv.cost.Calibrated.Transfer;
import org.sepconv.cost.KernelKind;
import org.sepconv.cost.Observation;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Tensor;

/** Measures a device for the cost model: a designed set of operations, and transfers. */
public final class Calibration {

  /** How long a calibration takes unless told otherwise. */
  public static final Duration USUAL = Duration.ofSeconds(50);

  /** How many of each kind; what more people run, and what depends on more, gets more. */
  private static final Map<KernelKind, Integer> COUNTS =
      Map.of(
          KernelKind.STANDARD, 56,
          KernelKind.DEPTHWISE, 56,
          KernelKind.POINTWISE, 44,
          KernelKind.SEPARABLE, 64,
          KernelKind.GROUPED, 12);

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
   * Measures, in about this time.
   *
   * @param progress is told of nanoseconds out of {@code budget}
   * @throws org.sepconv.spi.BackendException if the device cannot move values
   */
  public Result run(Duration budget, Progress progress) {
    List<Workload> workloads = new ArrayList<>();
    for (KernelKind kind : KernelKind.values()) {
      workloads.addAll(Operations.covering(kind, COUNTS.get(kind)));
    }
    Duration each = budget.dividedBy(workloads.size());
    List<Observation> observations = new ArrayList<>();
    List<String> skipped = new ArrayList<>();
    for (Outcome outcome : new Rounds(backend, nanos).measure(workloads, each, progress)) {
      Workload workload = outcome.workload();
      outcome
          .seconds()
          .ifPresentOrElse(
              seconds ->
                  observations.add(
                      new Observation(workload.convolution(), workload.input(), seconds)),
              () -> skipped.add(workload + ": " + outcome.problem()));
    }
    return new Result(new Calibrated(threads, observations, Optional.of(transfer())), skipped);
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
    double[] samples = new double[TRANSFERS];
    try (Tensor tensor = backend.allocate(TensorSpec.nhwc(shape))) {
      for (int warm = 0; warm < 2; warm++) {
        for (int i = 0; i < TRANSFERS; i++) {
          long start = nanos.getAsLong();
          tensor.write(values);
          tensor.read(values);
          samples[i] = (nanos.getAsLong() - start) / 2e9;
        }
      }
    }
    return Stopwatch.median(samples);
  }
}
