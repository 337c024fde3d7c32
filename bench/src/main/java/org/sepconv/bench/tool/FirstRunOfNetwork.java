package org.sepconv.bench.tool;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.sepconv.Graph;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.bench.Environment;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.timing.Quantiles;

/**
 * How long {@code prepare} of a network takes, how fast its first runs are, and when they are as
 * fast as they get. Of one network, since the next would meet a JVM that is warm already.
 *
 * <pre>
 *   java --add-modules jdk.incubator.vector -cp 'cli/target/lib/*'
 *       org.sepconv.bench.tool.FirstRunOfNetwork
 *       [network [threads [warm-up in ms [seconds of runs [settings]]]]]
 *        mobilenet_v2 1    700             20             cpu.start=at-once,...
 * </pre>
 */
public final class FirstRunOfNetwork {

  /** A run that takes no more than so many times the steady state is as fast as it gets. */
  private static final double AS_STEADY = 1.25;

  /** So many runs in a row: others use the machine too. */
  private static final int IN_A_ROW = 3;

  /**
   * What was seen, in milliseconds.
   *
   * @param prepareProcessor what all threads computed in {@code prepare}, the JVM's compilers too:
   *     what it takes on a machine of one processor, and not lengthened by what others compute
   * @param untilSteady from the end of {@code prepare} on, the time until runs stay as fast as in
   *     the steady state
   * @param steady the median of the last half of all runs
   */
  record Row(
      String network,
      double prepare,
      double prepareProcessor,
      List<Double> runs,
      double untilSteady,
      double steady) {

    static final String HEADER =
        """
        | network | prepare, ms | processor time | first result | run 1 | run 2 | run 5 | run 10 | steady | run 1 / steady | steady after |
        |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|""";

    static Row of(String network, double prepare, double prepareProcessor, List<Double> runs) {
      double steady = Quantiles.median(runs.subList(runs.size() / 2, runs.size()));
      double time = 0;
      double start = 0;
      int inARow = 0;
      for (double run : runs) {
        inARow = run <= AS_STEADY * steady ? inARow + 1 : 0;
        if (inARow == IN_A_ROW) {
          break;
        }
        time += run;
        start = inARow == 0 ? time : start;
      }
      return new Row(network, prepare, prepareProcessor, List.copyOf(runs), start, steady);
    }

    private double run(int number) {
      return runs.get(Math.min(number, runs.size()) - 1);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "| %s | %.0f | %.0f | %.0f | %.1f | %.1f | %.1f | %.1f | %.1f | %.2f | %.0f |",
          network,
          prepare,
          prepareProcessor,
          prepare + run(1),
          run(1),
          run(2),
          run(5),
          run(10),
          steady,
          run(1) / steady,
          untilSteady);
    }
  }

  private FirstRunOfNetwork() {}

  static Row measure(ConvBackend backend, Graph graph, Duration runs) {
    Problem problem = graph.problem();
    Weights weights = Weights.random(graph, 1);
    float[] input = new float[problem.source().shape().elements()];
    double processor = processorMillis();
    long start = System.nanoTime();
    try (Prepared prepared = backend.prepare(problem, weights)) {
      double prepare = FirstRun.millisSince(start);
      processor = processorMillis() - processor;
      List<Double> times = new ArrayList<>();
      try (OwningRun bound = OwningRun.of(prepared, new float[][] {input})) {
        long end = System.nanoTime() + runs.toNanos();
        do {
          long before = System.nanoTime();
          bound.run();
          times.add(FirstRun.millisSince(before));
        } while (System.nanoTime() < end);
      }
      return Row.of(graph.name(), prepare, processor, times);
    }
  }

  private static double processorMillis() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() * 1e-6
        : Double.NaN;
  }

  public static void main(String[] arguments) {
    String network = FirstRun.argument(arguments, 0, "mobilenet_v2");
    int threads = Integer.parseInt(FirstRun.argument(arguments, 1, "1"));
    long usual = BackendOptions.defaults().warmUp().toMillis();
    long warmUp = Long.parseLong(FirstRun.argument(arguments, 2, "" + usual));
    Duration runs = Duration.ofSeconds(Long.parseLong(FirstRun.argument(arguments, 3, "20")));
    BackendOptions options =
        BackendOptions.defaults().withThreads(threads).withWarmUp(Duration.ofMillis(warmUp));
    List<String> settings =
        Stream.of(FirstRun.argument(arguments, 4, "").split(","))
            .filter(text -> !text.isEmpty())
            .toList();
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      options = options.with(parts[0], parts[1]);
    }
    System.out.printf(
        "cpu, %d threads, %d ms to warm up, %s, %s%n%n%s%n",
        threads, warmUp, settings, Environment.here(), Row.HEADER);
    Graph graph = Networks.of(network, Networks.usualSize(network), 1);
    try (Backends backends = Backends.discover(options)) {
      System.out.println(measure(backends.backend("cpu"), graph, runs));
    }
  }
}
