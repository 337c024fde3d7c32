package org.sepconv.bench.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.sepconv.Activation;
import org.sepconv.ConvWeights;
import org.sepconv.Padding;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.Shape;
import org.sepconv.TensorSpec;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/**
 * Runs a convolution very often and watches the resident memory of the process, which must not grow
 * once it has settled. On Linux, where {@code /proc} says how much it is.
 *
 * <pre>
 *   java -Xms64m -Xmx64m -XX:+AlwaysPreTouch -cp 'cli/target/lib/*' org.sepconv.bench.tool.Soak
 *       [backend [runs [threads]]]                                             djl 100000 1
 * </pre>
 *
 * <p>The heap must be fixed and touched beforehand: one that grows into its limit looks like a
 * leak.
 */
public final class Soak {

  /** Runs before the first measurement. */
  static final int SETTLE = 1000;

  /** How much of the memory after {@link #SETTLE} runs may be added. */
  static final double LIMIT = 0.02;

  /**
   * What was seen.
   *
   * @param settledKib resident memory after {@link #SETTLE} runs
   * @param largestKib the most afterwards
   * @param lastKib at the end
   */
  record Memory(int runs, long settledKib, long largestKib, long lastKib) {

    /** Growth from settled to the largest, as a share. */
    double growth() {
      return largestKib / (double) settledKib - 1;
    }

    boolean flat() {
      return growth() <= LIMIT;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d runs: %.1f MiB after the first %d, at most %.1f MiB (%+.2f %%), %.1f MiB at the end",
          runs,
          settledKib / 1024.0,
          SETTLE,
          largestKib / 1024.0,
          growth() * 100,
          lastKib / 1024.0);
    }
  }

  private Soak() {}

  /**
   * Runs a separable convolution, writes its input and reads its output now and then.
   *
   * @param progress told of each measurement
   */
  static Memory run(ConvBackend backend, int runs, Consumer<String> progress) throws IOException {
    SeparableConv2d convolution =
        SeparableConv2d.of(32, 32)
            .padding(Padding.same())
            .stride(2)
            .bias()
            .activation(Activation.RELU6)
            .build();
    SeparableWeights weights =
        new SeparableWeights(
            ConvWeights.of(new float[32 * 9], new float[32]),
            ConvWeights.of(new float[32 * 32], new float[32]));
    Problem problem = Problem.of(convolution, TensorSpec.nhwc(Shape.of(32, 28, 28)));
    float[] input = new float[problem.source().shape().elements()];
    long settled = 0;
    long largest = 0;
    long last = 0;
    try (Prepared prepared = backend.prepare(problem, weights);
        Tensor src = backend.allocate(problem.source());
        Tensor dst = backend.allocate(problem.destination());
        Run bound = prepared.bind(List.of(src), List.of(dst))) {
      float[] output = new float[problem.destination().shape().elements()];
      for (int run = 1; run <= runs; run++) {
        if (run % 10 == 0) {
          src.write(input);
        }
        bound.run();
        if (run % 10 == 0) {
          dst.read(output);
        }
        if (run % SETTLE == 0) {
          last = residentKib();
          settled = settled == 0 ? last : settled;
          largest = Math.max(largest, last);
          if (run % (10 * SETTLE) == 0) {
            progress.accept("%d runs: %d KiB".formatted(run, last));
          }
        }
      }
    }
    return new Memory(runs, settled, largest, last);
  }

  static boolean supported() {
    return Files.isReadable(Path.of("/proc/self/status"));
  }

  static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no VmRSS in /proc/self/status");
  }

  /** Exit status 0 = flat, 1 = grows. */
  public static void main(String[] arguments) throws IOException {
    String name = arguments.length > 0 ? arguments[0] : "djl";
    int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
    int threads = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
    try (Backends backends = Backends.discover(BackendOptions.defaults().withThreads(threads))) {
      Memory memory = run(backends.backend(name), runs, System.out::println);
      System.out.println(memory + (memory.flat() ? ": flat" : ": GROWS"));
      System.exit(memory.flat() ? 0 : 1);
    }
  }
}
