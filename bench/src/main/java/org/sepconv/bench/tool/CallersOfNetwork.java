package org.sepconv.bench.tool;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.sepconv.Graph;
import org.sepconv.Weights;
import org.sepconv.bench.Environment;
import org.sepconv.graph.Networks;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;

/**
 * One prepared network and many callers, each a thread with tensors of its own: how many runs a
 * second they get together, whether each always gets the same bits, and what another caller costs
 * in memory. On Linux, where {@code /proc} says how much that is.
 *
 * <pre>
 *   java -Xms4g -Xmx4g -XX:+AlwaysPreTouch --add-modules jdk.incubator.vector
 *       -cp 'cli/target/lib/*' org.sepconv.bench.tool.CallersOfNetwork
 *       [network [backend [threads [seconds a row [idle callers]]]]]
 *        mobilenet_v2 cpu  1        5              200
 * </pre>
 *
 * <p>The heap must be fixed and touched beforehand, as for {@link Soak}.
 */
public final class CallersOfNetwork {

  /** Callers at the same time, row by row. */
  private static final List<Integer> CALLERS = List.of(1, 2, 4, 8, 16, 32, 64);

  /** Inputs that differ, so that a caller who gets another's output is noticed. */
  private static final int INPUTS = 4;

  /**
   * What so many callers got.
   *
   * @param runs of all of them
   * @param wrong those whose output had other bits than it should
   */
  record Row(int callers, long runs, long wrong, double seconds) {

    static final String HEADER =
        """
        | callers | runs | wrong | runs a second |
        |--:|--:|--:|--:|""";

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "| %d | %d | %d | %.1f |", callers, runs, wrong, runs / seconds);
    }
  }

  private final Prepared prepared;
  private final float[][] inputs = new float[INPUTS][];
  private final float[][] outputs = new float[INPUTS][];

  /** Prepares nothing and owns nothing: the network stays the caller's. */
  CallersOfNetwork(Prepared prepared) {
    this.prepared = prepared;
    SplittableRandom random = new SplittableRandom(1);
    int length = prepared.problem().source().shape().elements();
    for (int i = 0; i < INPUTS; i++) {
      inputs[i] = new float[length];
      for (int j = 0; j < length; j++) {
        inputs[i][j] = 2 * random.nextFloat() - 1;
      }
      try (OwningRun run = bind(i)) {
        run.run();
        outputs[i] = run.outputs().getFirst().read();
      }
    }
  }

  private OwningRun bind(int caller) {
    return OwningRun.of(prepared, new float[][] {inputs[caller % INPUTS]});
  }

  /** Lets them run side by side for this long, each once at least. */
  Row run(int callers, Duration time) throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Callable<long[]>> tasks =
          IntStream.range(0, callers)
              .mapToObj(caller -> (Callable<long[]>) () -> runs(caller, end))
              .toList();
      long[] sum = new long[2];
      for (Future<long[]> counts : threads.invokeAll(tasks)) {
        sum[0] += counts.get()[0];
        sum[1] += counts.get()[1];
      }
      return new Row(callers, sum[0], sum[1], (System.nanoTime() - start) * 1e-9);
    }
  }

  /** How many runs there were, and how many of them were wrong. */
  private long[] runs(int caller, long end) {
    float[] expected = outputs[caller % INPUTS];
    float[] output = new float[expected.length];
    long runs = 0;
    long wrong = 0;
    try (OwningRun run = bind(caller)) {
      do {
        run.run();
        runs++;
        run.outputs().getFirst().read(output);
        wrong += Arrays.equals(expected, output) ? 0 : 1;
      } while (System.nanoTime() < end);
    }
    return new long[] {runs, wrong};
  }

  /** What so many callers more take, each of whom has run once, in bytes a caller. */
  double bytesOfIdleCallers(int callers) throws IOException {
    List<OwningRun> idle = new ArrayList<>();
    try {
      long before = usedBytes();
      for (int caller = 0; caller < callers; caller++) {
        idle.add(bind(caller));
        idle.getLast().run();
      }
      return (double) (usedBytes() - before) / callers;
    } finally {
      idle.forEach(OwningRun::close);
    }
  }

  /** What is alive in the heap, and all that is outside of it. */
  private static long usedBytes() throws IOException {
    System.gc();
    Runtime heap = Runtime.getRuntime();
    return heap.totalMemory() - heap.freeMemory() + 1024 * Soak.residentKib();
  }

  /** Exit status 0 = every output was right, 1 = not. */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, ExecutionException {
    String network = FirstRun.argument(arguments, 0, "mobilenet_v2");
    String name = FirstRun.argument(arguments, 1, "cpu");
    int threads = Integer.parseInt(FirstRun.argument(arguments, 2, "1"));
    Duration time = Duration.ofSeconds(Long.parseLong(FirstRun.argument(arguments, 3, "5")));
    int idle = Integer.parseInt(FirstRun.argument(arguments, 4, "200"));
    Graph graph = Networks.of(network, Networks.usualSize(network), 1);
    System.out.printf("%s on %s, %d threads, %s%n%n", network, name, threads, Environment.here());
    long wrong = 0;
    try (Backends backends = Backends.discover(BackendOptions.defaults().withThreads(threads))) {
      ConvBackend backend = backends.backend(name);
      try (Prepared prepared = backend.prepare(graph.problem(), Weights.random(graph, 1))) {
        CallersOfNetwork callers = new CallersOfNetwork(prepared);
        callers.run(1, time);
        System.out.println(Row.HEADER);
        for (int count : CALLERS) {
          Row row = callers.run(count, time);
          wrong += row.wrong();
          System.out.println(row);
        }
        if (Soak.supported()) {
          System.out.printf(
              Locale.ROOT,
              "%nbetween the nodes: %.2f MB; %d more callers, idle after a run: %.2f MB each%n",
              prepared.bytesBetween() * 1e-6,
              idle,
              callers.bytesOfIdleCallers(idle) * 1e-6);
        }
      }
    }
    System.exit(wrong == 0 ? 0 : 1);
  }
}
