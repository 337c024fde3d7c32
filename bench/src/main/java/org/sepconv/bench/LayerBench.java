package org.sepconv.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.bench.implementation.BackendImplementation;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cost.Cost;
import org.sepconv.cost.CostModel;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.select.Backends;
import org.sepconv.timing.Quantiles;

/** Measures layers and whole networks, and the machine's limits beside them. */
public final class LayerBench {

  /** Told what is about to be measured. */
  public interface Listener {
    /**
     * The next measurement begins.
     *
     * @param remaining estimated from what is done; empty at the start
     */
    void starting(int done, int total, String what, Optional<Duration> remaining);

    /**
     * A JVM that measured printed something, on stdout or stderr.
     *
     * @param what it measured
     * @param text several lines
     */
    default void said(String what, String text) {}
  }

  /**
   * What was found, and JMH's own results, each row's forks merged.
   *
   * @param jmh in the order of the rows, after the two of the machine
   */
  public record Results(BenchReport report, List<RunResult> jmh) {}

  private final BenchPlan plan;
  private final Steps steps;
  private final Path folder;
  private final List<RunResult> jmh = new ArrayList<>();
  private final List<BenchReport.Failure> failures = new ArrayList<>();
  private final Map<String, List<String>> jvmOptions = new HashMap<>();

  private LayerBench(BenchPlan plan, Listener listener, Path folder) {
    this.plan = plan;
    this.folder = folder;
    this.steps =
        new Steps(
            listener,
            4 * machineForks(plan)
                + plan.layers().size() * plan.implementations().size() * plan.forks(),
            System.nanoTime());
  }

  /**
   * Runs the plan; every row in forks of its own.
   *
   * @throws IOException if files for the forks cannot be written
   * @throws IllegalStateException if the machine's limits cannot be measured
   */
  public static Results run(BenchPlan plan, Listener listener) throws IOException {
    Path folder = Files.createTempDirectory("sepconv-bench");
    try {
      return new LayerBench(plan, listener, folder).run();
    } finally {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private Results run() throws IOException {
    for (Implementation implementation : plan.implementations()) {
      jvmOptions.put(implementation.name(), implementation.jvmOptions(folder));
    }
    // Before and after the layers: what disturbs the machine rarely lasts, and only takes away.
    List<Fork> peaks = new ArrayList<>();
    List<Fork> reads = new ArrayList<>();
    machine(peaks, reads);
    List<Map<Implementation, Forks>> measured = new ArrayList<>();
    for (Subject layer : plan.layers()) {
      measured.add(measure(layer));
    }
    machine(peaks, reads);
    jmh.addFirst(JmhResults.merge(reads));
    jmh.addFirst(JmhResults.merge(peaks));
    double peak = best(peaks) * MachineBenchmark.FLOPS;
    double bandwidth = best(reads) * MachineBenchmark.BYTES;
    Map<String, DeviceProfile> profiles = profiles();
    List<LayerRow> rows = new ArrayList<>();
    for (int i = 0; i < measured.size(); i++) {
      rows.addAll(rows(plan.layers().get(i), measured.get(i), peak, bandwidth, profiles));
    }
    steps.end();
    return new Results(
        new BenchReport(
            Environment.here().with(plan.isa()),
            plan.threads(),
            plan.forks(),
            peak,
            bandwidth,
            devices(peak, bandwidth, profiles),
            rows,
            List.of(),
            failures),
        jmh);
  }

  private List<BenchReport.Device> devices(
      double peak, double bandwidth, Map<String, DeviceProfile> profiles) {
    List<BenchReport.Device> devices = new ArrayList<>();
    devices.add(
        new BenchReport.Device(
            "the processor, measured in this run",
            peak,
            bandwidth,
            plan.implementations().stream().map(Implementation::name).toList()));
    for (Implementation implementation : plan.implementations()) {
      DeviceProfile profile = profiles.get(implementation.name());
      if (profile != null) {
        devices.add(
            new BenchReport.Device(
                implementation.name() + ", " + profile.source(),
                profile.peakFlops(),
                profile.bandwidth(),
                List.of(implementation.name())));
      }
    }
    return devices;
  }

  private void machine(List<Fork> peaks, List<Fork> reads) throws IOException {
    for (int i = 0; i < machineForks(plan); i++) {
      peaks.add(machine("multiplyAdd", "multiply-add peak"));
      reads.add(machine("read", "read bandwidth"));
    }
  }

  private Fork machine(String benchmark, String what) throws IOException {
    steps.next(what);
    // Each thread takes memory of its own; more than processors would reach no higher limit.
    int threads = Math.min(plan.threads(), Runtime.getRuntime().availableProcessors());
    return run(MachineBenchmark.class, benchmark, threads, Map.of(), plan.isa().jvmOptions());
  }

  /** Runs a fork, and passes on what it printed. */
  private Fork run(
      Class<?> type,
      String benchmark,
      int threads,
      Map<String, String> parameters,
      List<String> options)
      throws IOException {
    Path said = folder.resolve("said");
    Files.writeString(said, "");
    try {
      return Fork.run(type, benchmark, plan.pace(), threads, parameters, options, said);
    } finally {
      String text = Files.readString(said);
      if (!text.isBlank()) {
        steps.said(text);
      }
    }
  }

  /** How often each limit is measured before the layers, and again after them. */
  private static int machineForks(BenchPlan plan) {
    return (plan.forks() + 1) / 2;
  }

  /** Calls per second of all threads together: the best iteration, for noise only takes away. */
  private static double best(List<Fork> forks) {
    return forks.stream()
        .flatMap(fork -> fork.scores().stream())
        .mapToDouble(Double::doubleValue)
        .max()
        .orElseThrow();
  }

  private Map<String, DeviceProfile> profiles() {
    Map<String, DeviceProfile> profiles = new HashMap<>();
    for (Implementation implementation : plan.implementations()) {
      if (implementation instanceof BackendImplementation backend) {
        try (Backends backends = backend.discover(plan.threads())) {
          profiles.put(backend.name(), backends.profile(backends.backend(backend.device())));
        }
      }
    }
    return profiles;
  }

  /** All forks of a layer, in turns; an implementation that fails is left out. */
  private Map<Implementation, Forks> measure(Subject layer) throws IOException {
    Path answer = folder.resolve("answer");
    steps.say("reference of " + layer.name());
    Answer.compute(layer).write(answer);
    Map<Implementation, Forks> measured = new LinkedHashMap<>();
    plan.implementations().forEach(each -> measured.put(each, new Forks()));
    for (int i = 0; i < plan.forks(); i++) {
      for (Implementation implementation : List.copyOf(measured.keySet())) {
        steps.next(layer.name() + " on " + implementation.name());
        try {
          Objects.requireNonNull(measured.get(implementation))
              .add(fork(layer, implementation, answer));
        } catch (IllegalStateException failure) {
          measured.remove(implementation);
          steps.skip(plan.forks() - 1 - i);
          failures.add(
              new BenchReport.Failure(
                  layer.name(),
                  implementation.name(),
                  implementation.peer(),
                  String.valueOf(failure.getMessage())));
        }
      }
    }
    measured.values().forEach(forks -> jmh.add(JmhResults.merge(forks.forks)));
    return measured;
  }

  private List<LayerRow> rows(
      Subject layer,
      Map<Implementation, Forks> measured,
      double peak,
      double bandwidth,
      Map<String, DeviceProfile> profiles) {
    List<LayerRow> rows = new ArrayList<>();
    measured.forEach(
        (implementation, forks) -> {
          rows.add(
              row(
                  layer,
                  implementation,
                  forks,
                  peak,
                  bandwidth,
                  Optional.ofNullable(profiles.get(implementation.name()))));
        });
    return compared(rows);
  }

  /** The forks of one row, with what each found before. */
  private static final class Forks {
    final List<Fork> forks = new ArrayList<>();
    final List<ForkNotes> notes = new ArrayList<>();

    void add(Map.Entry<Fork, ForkNotes> fork) {
      forks.add(fork.getKey());
      notes.add(fork.getValue());
    }

    List<Double> notes(java.util.function.ToDoubleFunction<ForkNotes> what) {
      return notes.stream().mapToDouble(what).boxed().toList();
    }
  }

  private Map.Entry<Fork, ForkNotes> fork(Subject layer, Implementation implementation, Path answer)
      throws IOException {
    Path notes = folder.resolve("notes");
    Files.deleteIfExists(notes);
    List<String> options = new ArrayList<>(jvmOptions.get(implementation.name()));
    options.addAll(plan.isa().jvmOptions());
    options.add("-D" + Answer.FILE_PROPERTY + "=" + answer);
    options.add("-D" + ForkNotes.FILE_PROPERTY + "=" + notes);
    Optional<IllegalStateException> failed = Optional.empty();
    Optional<Fork> fork = Optional.empty();
    try {
      fork =
          Optional.of(
              run(
                  LayerBenchmark.class,
                  "run",
                  1,
                  Map.of(
                      "shape", layer.line(),
                      "implementation", implementation.name(),
                      "threads", "" + plan.threads()),
                  options));
    } catch (IllegalStateException failure) {
      failed = Optional.of(failure);
    }
    Optional<ForkNotes> found = ForkNotes.take(notes); // throws the fork's own reason
    if (failed.isPresent()) {
      throw failed.get();
    }
    return Map.entry(
        fork.orElseThrow(),
        found.orElseThrow(() -> new IllegalStateException("the fork left no notes")));
  }

  private LayerRow row(
      Subject layer,
      Implementation implementation,
      Forks forks,
      double peak,
      double bandwidth,
      Optional<DeviceProfile> profile) {
    Problem problem = Workload.in(Layout.NHWC, layer.problem());
    List<Double> medians = forks.forks.stream().map(fork -> fork.median() * 1e-6).toList();
    List<Double> all =
        forks.forks.stream()
            .flatMap(fork -> fork.scores().stream())
            .map(micros -> micros * 1e-6)
            .toList();
    double seconds = Quantiles.median(medians);
    Cost cost = Cost.of(problem);
    // Of a network too each tensor once: what lies between its layers need not leave the caches.
    long bytes = cost.weightBytes() + problem.tensors().stream().mapToLong(TensorSpec::bytes).sum();
    double limit = Math.max(cost.flops() / peak, bytes / bandwidth);
    return new LayerRow(
        layer.layer(),
        layer.variant(),
        layer.description(),
        problem.source().shape().toString(),
        cost.flops(),
        bytes,
        implementation.name(),
        implementation.peer(),
        forks.notes.getFirst().kernel(),
        seconds,
        medians,
        Sample.modes(all),
        Quantiles.median(forks.notes(ForkNotes::prepareSeconds)),
        Quantiles.median(forks.notes(ForkNotes::firstSeconds)),
        Quantiles.median(forks.forks.stream().map(Fork::bytesAllocated).toList()),
        forks.notes(ForkNotes::errorOverBound).stream()
            .mapToDouble(Double::doubleValue)
            .max()
            .orElseThrow(),
        cost.flops() / seconds / 1e9,
        cost.flops() / seconds / peak,
        limit / seconds,
        profile.map(device -> CostModel.predict(problem, device).seconds()),
        Optional.empty());
  }

  private static List<LayerRow> compared(List<LayerRow> rows) {
    var best = rows.stream().filter(LayerRow::peer).mapToDouble(LayerRow::seconds).min();
    return best.isEmpty()
        ? rows
        : rows.stream()
            .map(row -> row.peer() ? row : row.withSpeedupOver(best.getAsDouble()))
            .toList();
  }
}
