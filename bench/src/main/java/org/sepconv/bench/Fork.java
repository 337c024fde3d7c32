package org.sepconv.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.sepconv.timing.Quantiles;

/**
 * One JVM that measured one benchmark.
 *
 * @param scores of the iterations, in the unit of the benchmark
 */
record Fork(BenchmarkResult result, List<Double> scores) {

  private static final List<String> JVM =
      List.of(
          "--add-modules",
          "jdk.incubator.vector",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Xmx4g");

  /** Of what a JVM that fails says, the last so many lines are part of the reason. */
  private static final int LINES = 20;

  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /**
   * Starts a JVM, and waits until it has measured.
   *
   * @param parameters of the benchmark
   * @param jvmOptions in addition to the usual ones
   * @param said the file that gets what the JVM prints, its warnings for instance; an old one is
   *     replaced
   * @throws IllegalStateException if the benchmark fails, with what it said
   * @throws UncheckedIOException if another JMH holds the lock of this machine
   */
  static Fork run(
      Class<?> type,
      String method,
      Pace pace,
      int threads,
      Map<String, String> parameters,
      List<String> jvmOptions,
      Path said) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + type.getName().replace(".", "\\.") + "\\." + method + "$")
            .jvmArgsPrepend(Stream.concat(JVM.stream(), jvmOptions.stream()).toArray(String[]::new))
            .forks(1)
            .threads(threads)
            .warmupIterations(pace.warmups())
            .warmupTime(TimeValue.milliseconds(pace.warmupMillis()))
            .measurementIterations(pace.iterations())
            .measurementTime(TimeValue.milliseconds(pace.iterationMillis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT)
            .output(said.toString()); // otherwise the JVM's output goes to our stdout
    parameters.forEach(options::param);
    BenchmarkResult result = run(options, said);
    return new Fork(
        result,
        result.getIterationResults().stream()
            .map(IterationResult::getPrimaryResult)
            .map(primary -> primary.getScore())
            .toList());
  }

  private static BenchmarkResult run(ChainedOptionsBuilder options, Path said) {
    // JMH's own complaints; they are of interest only when the fork fails.
    PrintStream stderr = System.err;
    ByteArrayOutputStream complaints = new ByteArrayOutputStream();
    System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
    try {
      return new Runner(options.build()).runSingle().getBenchmarkResults().iterator().next();
    } catch (RunnerException failure) {
      if (String.valueOf(failure.getMessage()).contains("jmh.lock")) {
        throw new UncheckedIOException(
            new IOException(
                "another JMH benchmark runs on this machine, and both would disturb each other:"
                    + " wait until it has ended"));
      }
      throw new IllegalStateException(
          "the benchmark failed: %s %s %s"
              .formatted(causes(failure), complaints.toString(StandardCharsets.UTF_8), end(said)),
          failure);
    } finally {
      System.setErr(stderr);
    }
  }

  /** What JMH says of a failure, and what a fork threw. */
  private static String causes(Throwable failure) {
    StringBuilder text = new StringBuilder(String.valueOf(failure.getMessage()));
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      text.append(": ").append(cause);
      for (Throwable thrown : cause.getSuppressed()) {
        text.append(": ").append(thrown);
      }
    }
    return text.toString();
  }

  /** The last lines of a file, or what keeps us from reading it. */
  private static String end(Path file) {
    try {
      List<String> lines = Files.readString(file).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  /** The median iteration. */
  double median() {
    return Quantiles.median(scores);
  }

  /**
   * Bytes that one call allocates on the heap: the median iteration, for compilers allocate too.
   */
  double bytesAllocated() {
    return Quantiles.median(
        result.getIterationResults().stream().map(Fork::bytesAllocated).toList());
  }

  private static double bytesAllocated(IterationResult iteration) {
    Set<String> names = iteration.getSecondaryResults().keySet();
    for (String name : names) {
      if (name.endsWith(ALLOCATED)) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(name)).getScore();
      }
    }
    throw new IllegalStateException("JMH reports no %s, only %s".formatted(ALLOCATED, names));
  }
}
