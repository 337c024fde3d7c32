package org.sepconv.cli.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.cli.network.Profile.Entry;
import org.sepconv.cli.text.Timing;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.cost.Prediction;
import org.sepconv.graph.pass.PassReport;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.KernelCandidate;
import org.sepconv.spi.MemoryPlan;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Part;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;

/** A network that is prepared on a device, with its inputs there, and has run once. */
public final class Measurement implements AutoCloseable {
  private static final long SLICE_NANOS = 100_000_000;

  /** So long, and for so many slices, it has not become faster when it is warm. */
  private static final long SETTLED_NANOS = 1_000_000_000;

  private static final int SETTLED_SLICES = 10;

  /**
   * So many times the time to measure may be spent on getting warm: where others keep the machine
   * busy, the JVM's compiler takes long.
   */
  private static final int MOST_WARM_UP = 20;

  private static final int FEWEST_SAMPLES = 3;

  private final Prepared prepared;
  private final OwningRun run;
  private final double prepareSeconds;
  private final double firstRunSeconds;
  private final List<float[]> outputs;
  private boolean warm;

  private Measurement(
      Prepared prepared, OwningRun run, double prepareSeconds, double firstRunSeconds) {
    this.prepared = prepared;
    this.run = run;
    this.prepareSeconds = prepareSeconds;
    this.firstRunSeconds = firstRunSeconds;
    this.outputs = run.outputs().stream().map(Tensor::read).toList();
  }

  /**
   * How long preparing may warm up for a measurement of this length: until it is, if it is long.
   */
  public static Duration warmUp(double seconds) {
    Duration most = Duration.ofNanos((long) (MOST_WARM_UP * seconds * 1e9));
    Duration longest = BackendOptions.LONGEST_WARM_UP;
    return most.compareTo(longest) < 0 ? most : longest;
  }

  /**
   * Prepares a problem and runs it once. The caller closes the result.
   *
   * @param inputs values of each input in the order of its layout
   */
  public static Measurement of(
      ConvBackend backend, Problem problem, Weights weights, float[][] inputs) {
    long start = System.nanoTime();
    Prepared prepared = backend.prepare(problem, weights);
    double prepareSeconds = secondsSince(start);
    try {
      OwningRun run = OwningRun.of(prepared, inputs);
      try {
        long ready = System.nanoTime();
        run.run();
        return new Measurement(prepared, run, prepareSeconds, secondsSince(ready));
      } catch (RuntimeException | Error failure) {
        run.close();
        throw failure;
      }
    } catch (RuntimeException | Error failure) {
      prepared.close();
      throw failure;
    }
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  double prepareSeconds() {
    return prepareSeconds;
  }

  double firstRunSeconds() {
    return firstRunSeconds;
  }

  /** Values of each output, of the first run. */
  List<float[]> outputs() {
    return outputs;
  }

  /** What a run does one after the other. */
  List<Part> parts() {
    return prepared.parts();
  }

  /** What was done to the network before it was prepared. */
  public List<PassReport> passes() {
    return prepared.passes();
  }

  /** Where values lie between its nodes, and how long. */
  public MemoryPlan memoryPlan() {
    return prepared.memoryPlan();
  }

  /** The kernels that were considered. */
  List<KernelCandidate> explain() {
    return prepared.explain();
  }

  /** Runs until it is warm, and then for about this long. */
  public Timing steady(double seconds) {
    long budget = (long) (seconds * 1e9);
    Stopwatch watch = new Stopwatch(run::run, System::nanoTime);
    long slice = Math.min(SLICE_NANOS, budget);
    while (watch.spentNanos() < MOST_WARM_UP * budget
        && !watch.isSettled(SETTLED_NANOS, SETTLED_SLICES)) {
      watch.slice(slice);
    }
    warm = watch.isSettled(SETTLED_NANOS, SETTLED_SLICES);
    watch.startOver();
    List<Double> samples = new ArrayList<>();
    while (watch.spentNanos() < budget || samples.size() < FEWEST_SAMPLES) {
      samples.addAll(watch.slice(slice));
    }
    return Timing.of(samples);
  }

  /** Whether it had stopped to become faster when it was measured. */
  public boolean warm() {
    return warm;
  }

  /** Times every part for about this long; afterwards runs are a little slower. */
  public Profile profile(double seconds, Backends backends) {
    run.timeParts();
    List<Part> parts = prepared.parts();
    List<List<Double>> samples = new ArrayList<>();
    parts.forEach(_ -> samples.add(new ArrayList<>()));
    List<Double> runs = new ArrayList<>();
    long begin = System.nanoTime();
    while (secondsSince(begin) < seconds || runs.size() < FEWEST_SAMPLES) {
      long start = System.nanoTime();
      run.run();
      runs.add(secondsSince(start));
      List<Duration> times = run.partTimes();
      for (int i = 0; i < times.size(); i++) {
        samples.get(i).add(times.get(i).toNanos() / 1e9);
      }
    }
    List<Prediction> predicted = backends.predict(prepared.backend(), parts);
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      entries.add(
          entry(
              parts.get(i),
              Quantiles.median(samples.get(i)),
              backends.profile(prepared.backend()),
              predicted.get(i)));
    }
    double sum = entries.stream().mapToDouble(Entry::seconds).sum();
    return new Profile(entries, sum, Quantiles.median(runs));
  }

  private static Entry entry(
      Part part, double seconds, DeviceProfile profile, Prediction predicted) {
    Cost cost = Cost.of(part.problem());
    double limit = CostModel.limitSeconds(part.problem(), profile);
    return new Entry(
        part.name(),
        part.problem().operation().toString(),
        part.kernel(),
        part.onHost(),
        seconds,
        cost.flops() / seconds / 1e9,
        limit / seconds,
        limit,
        predicted.seconds(),
        cost.flops(),
        cost.bytes());
  }

  @Override
  public void close() {
    try (prepared;
        run) {
      // Closed in the other order, whatever one of them throws.
    }
  }
}
