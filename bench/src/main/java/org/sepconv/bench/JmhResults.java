package org.sepconv.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.WorkloadParams;

/** JMH's own results: forks were started one by one, and are merged again here. */
public final class JmhResults {
  private JmhResults() {}

  /** Writes results in JMH's JSON format, which its viewers read. */
  public static void write(Collection<RunResult> results, PrintStream out) {
    ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(results);
    out.flush();
  }

  /** The forks of one benchmark as one result. */
  static RunResult merge(List<Fork> forks) {
    List<BenchmarkResult> results = forks.stream().map(Fork::result).toList();
    return new RunResult(withForks(results.getFirst().getParams(), forks.size()), results);
  }

  private static BenchmarkParams withForks(BenchmarkParams one, int forks) {
    WorkloadParams parameters = new WorkloadParams();
    int index = 0;
    for (String key : one.getParamsKeys()) {
      parameters.put(key, one.getParam(key), index++);
    }
    return new BenchmarkParams(
        one.getBenchmark(),
        one.generatedBenchmark(),
        one.shouldSynchIterations(),
        one.getThreads(),
        one.getThreadGroups(),
        List.copyOf(one.getThreadGroupLabels()),
        forks,
        one.getWarmupForks(),
        one.getWarmup(),
        one.getMeasurement(),
        one.getMode(),
        parameters,
        one.getTimeUnit(),
        one.getOpsPerInvocation(),
        one.getJvm(),
        List.copyOf(one.getJvmArgs()),
        one.getJdkVersion(),
        one.getVmName(),
        one.getVmVersion(),
        one.getJmhVersion(),
        one.getTimeout());
  }
}
