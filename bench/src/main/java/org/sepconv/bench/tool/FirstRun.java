package org.sepconv.bench.tool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sepconv.Layout;
import org.sepconv.Problem;
import org.sepconv.bench.BenchLayer;
import org.sepconv.bench.Environment;
import org.sepconv.bench.Variant;
import org.sepconv.cases.DataKind;
import org.sepconv.cases.ShapeFile;
import org.sepconv.cases.TestData;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.timing.Quantiles;

/**
 * How long {@code prepare} takes, and how fast the first runs after it are, for one layer after the
 * other in one JVM. The first layer meets a JVM that has computed nothing yet.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp 'cli/target/lib/*' org.sepconv.bench.FirstRun
 *       [threads [backend [shapes [variants [warm-up in ms [layers]]]]]]
 *                                       1 cpu pairs separable,depthwise,pointwise 2000 all
 * </pre>
 *
 * <p>Shapes are the names of shape files, separated by commas; so are layers.
 */
public final class FirstRun {

  /** How many times the steady state the first run may take. */
  static final double LIMIT = 3;

  private static final long STEADY_NANOS = 200_000_000;

  /** A run of the steady state is one of many, but of the slowest layers at least so many. */
  private static final int LEAST_RUNS = 10;

  /**
   * What was seen, in milliseconds.
   *
   * @param steady the median of many runs, a fraction of a second later
   * @param newTensors a run on other tensors after that: what it costs, however warm the code, that
   *     they are in no cache, or in that of another core, and that pool threads are asleep
   */
  record Row(
      String layer,
      double prepare,
      double first,
      double second,
      double tenth,
      double steady,
      double newTensors) {

    static final String HEADER =
        """
        | layer | prepare, ms | first run | second | tenth | steady | first / steady | new tensors |
        |---|--:|--:|--:|--:|--:|--:|--:|""";

    double ratio() {
      return first / steady;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %.0f | %.3f | %.3f | %.3f | %.3f | %.2f | %.3f |",
          layer,
          prepare,
          first,
          second,
          tenth,
          steady,
          ratio(),
          newTensors);
    }
  }

  private FirstRun() {}

  static Row measure(ConvBackend backend, BenchLayer layer) {
    TestData data = TestData.of(layer.shape(), DataKind.FLOATS, 1);
    Problem problem = layer.shape().problem(Layout.NHWC);
    float[][] inputs = data.inputs(problem);
    long start = System.nanoTime();
    try (Prepared prepared = backend.prepare(problem, data.weights())) {
      double prepare = millisSince(start);
      List<Double> runs = new ArrayList<>();
      try (OwningRun bound = OwningRun.of(prepared, inputs)) {
        long end = System.nanoTime() + STEADY_NANOS;
        while (runs.size() < 2 * LEAST_RUNS || System.nanoTime() < end) {
          runs.add(time(bound));
        }
      }
      double steady = Quantiles.median(runs.subList(runs.size() / 2, runs.size()));
      return new Row(
          layer.shape().name(),
          prepare,
          runs.get(0),
          runs.get(1),
          runs.get(9),
          steady,
          timeOnNewTensors(prepared, inputs));
    }
  }

  private static double timeOnNewTensors(Prepared prepared, float[][] inputs) {
    try (OwningRun bound = OwningRun.of(prepared, inputs)) {
      return time(bound);
    }
  }

  private static double time(OwningRun bound) {
    long start = System.nanoTime();
    bound.run();
    return millisSince(start);
  }

  /** Since {@link System#nanoTime()} was this. */
  static double millisSince(long start) {
    return (System.nanoTime() - start) * 1e-6;
  }

  public static void main(String[] arguments) {
    int threads = Integer.parseInt(argument(arguments, 0, "1"));
    String backend = argument(arguments, 1, "cpu");
    List<BenchLayer> layers =
        BenchLayer.of(
            list(argument(arguments, 2, "pairs"))
                .map(ShapeFile::named)
                .flatMap(List::stream)
                .toList(),
            list(argument(arguments, 5, "")).filter(name -> !name.isEmpty()).toList(),
            list(argument(arguments, 3, "separable,depthwise,pointwise"))
                .map(Variant::parse)
                .toList(),
            0);
    BackendOptions options = BackendOptions.defaults().withThreads(threads);
    if (arguments.length > 4) {
      options = options.withWarmUp(Duration.ofMillis(Long.parseLong(arguments[4])));
    }
    System.out.printf(
        "%s, %d threads, %s%n%n%s%n", backend, threads, Environment.here(), Row.HEADER);
    List<Row> rows = new ArrayList<>();
    try (Backends backends = Backends.discover(options)) {
      for (BenchLayer layer : layers) {
        Row row = measure(backends.backend(backend), layer);
        System.out.println(row);
        rows.add(row);
      }
    }
    List<Row> above = rows.stream().filter(row -> row.ratio() > LIMIT).toList();
    System.out.printf(
        Locale.ROOT,
        """

        prepare: %.0f ms in all, at most %.0f
        first run: %d of %d take more than %.0f times the steady state; %d of these also more than
        1.5 times a run on new tensors
        """,
        rows.stream().mapToDouble(Row::prepare).sum(),
        rows.stream().mapToDouble(Row::prepare).max().orElseThrow(),
        above.size(),
        rows.size(),
        LIMIT,
        above.stream().filter(row -> row.first > 1.5 * row.newTensors).count());
  }

  /** One of the arguments, if there are so many. */
  static String argument(String[] arguments, int index, String otherwise) {
    return arguments.length > index ? arguments[index] : otherwise;
  }

  private static Stream<String> list(String text) {
    return Arrays.stream(text.split(","));
  }
}
