package org.sepconv.bench;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.sepconv.conformance.ShapeCase;
import org.sepconv.conformance.ShapeFile;
import org.sepconv.cost.Cost;

/** Measures the layers of a shape file, and the machine's limits beside them. */
public final class LayerBench {

  /**
   * What to measure.
   *
   * @param shapes name of a shape file
   * @param layers names of the cases in it; empty for all
   * @param threads of the backends
   * @param forks JVMs for each row
   */
  public record Plan(
      String shapes, List<String> layers, List<String> backends, int threads, int forks) {
    public Plan {
      layers = List.copyOf(layers);
      backends = List.copyOf(backends);
    }
  }

  /** Told what is about to be measured. */
  public interface Listener {
    void starting(int done, int total, String what);
  }

  /**
   * What was found.
   *
   * @param peakFlops float32 FLOP/s of the plan's threads together
   * @param bandwidth bytes/s read by the plan's threads together
   */
  public record Report(
      Plan plan,
      Environment environment,
      double peakFlops,
      double bandwidth,
      List<LayerRow> rows) {}

  private static final String[] JVM = {
    "--add-modules",
    "jdk.incubator.vector",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
    "-Xmx4g"
  };

  private LayerBench() {}

  /**
   * Runs the plan; every row in forks of its own.
   *
   * @throws IllegalArgumentException if the shape file has no such layer
   * @throws IllegalStateException if a backend computed something wrong, or a fork failed
   */
  public static Report run(Plan plan, Listener listener) {
    List<ShapeCase> cases = cases(plan);
    int total = cases.size() * plan.backends().size() + 2;
    listener.starting(0, total, "multiply-add peak");
    double peak = machine("multiplyAdd", plan) * MachineBenchmark.flopsPerCall();
    listener.starting(1, total, "read bandwidth");
    double bandwidth = machine("read", plan) * MachineBenchmark.BYTES;
    List<LayerRow> rows = new ArrayList<>();
    for (ShapeCase shape : cases) {
      for (String backend : plan.backends()) {
        listener.starting(rows.size() + 2, total, shape.name() + " on " + backend);
        rows.add(row(plan, shape, backend, peak, bandwidth));
      }
    }
    return new Report(plan, Environment.here(), peak, bandwidth, rows);
  }

  private static List<ShapeCase> cases(Plan plan) {
    Map<String, ShapeCase> byName =
        ShapeFile.named(plan.shapes()).stream()
            .collect(
                Collectors.toMap(
                    ShapeCase::name, shape -> shape, (a, _) -> a, java.util.LinkedHashMap::new));
    if (plan.layers().isEmpty()) {
      return List.copyOf(byName.values());
    }
    List<ShapeCase> chosen = new ArrayList<>();
    for (String layer : plan.layers()) {
      if (!byName.containsKey(layer)) {
        throw new IllegalArgumentException(
            "%s has no layer '%s'; it has: %s".formatted(plan.shapes(), layer, byName.keySet()));
      }
      chosen.add(byName.get(layer));
    }
    return chosen;
  }

  /** Calls per second of all threads together: the median of the forks. */
  private static double machine(String benchmark, Plan plan) {
    RunResult result =
        run(options(MachineBenchmark.class, benchmark, plan).threads(plan.threads()));
    return median(forks(result));
  }

  private static LayerRow row(
      Plan plan, ShapeCase shape, String backend, double peak, double bandwidth) {
    RunResult result =
        run(
            options(LayerBenchmark.class, "run", plan)
                .param("shapes", plan.shapes())
                .param("layer", shape.name())
                .param("backend", backend)
                .param("threads", "" + plan.threads()));
    List<Double> forks = forks(result).stream().map(micros -> micros * 1e-6).toList();
    double seconds = median(forks);
    Cost cost = Cost.of(shape.convolution(), shape.input());
    double limit = Math.max(cost.flops() / peak, cost.bytes() / bandwidth);
    return new LayerRow(
        shape.name(),
        shape.convolution().toString(),
        shape.input().toString(),
        backend,
        plan.threads(),
        seconds,
        forks,
        cost.flops() / seconds / 1e9,
        cost.flops() / seconds / peak,
        limit / seconds);
  }

  private static ChainedOptionsBuilder options(Class<?> type, String method, Plan plan) {
    return new OptionsBuilder()
        .include("^" + type.getName().replace(".", "\\.") + "\\." + method + "$")
        .jvmArgsPrepend(JVM)
        .forks(plan.forks())
        .warmupIterations(3)
        .warmupTime(TimeValue.milliseconds(700))
        .measurementIterations(7)
        .measurementTime(TimeValue.milliseconds(200))
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
  }

  private static RunResult run(ChainedOptionsBuilder options) {
    // Each fork repeats the JVM's warnings; what one says is of interest only when it fails.
    PrintStream stderr = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      return new Runner(options.build()).runSingle();
    } catch (RunnerException failure) {
      throw new IllegalStateException(
          "the benchmark failed: %s%n%s"
              .formatted(failure.getMessage(), said.toString(StandardCharsets.UTF_8)),
          failure);
    } finally {
      System.setErr(stderr);
    }
  }

  /** The median iteration of each fork. */
  private static List<Double> forks(RunResult result) {
    Collection<BenchmarkResult> forks = result.getBenchmarkResults();
    return forks.stream()
        .map(
            fork ->
                median(
                    fork.getIterationResults().stream()
                        .map(IterationResult::getPrimaryResult)
                        .map(primary -> primary.getScore())
                        .toList()))
        .toList();
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }
}
