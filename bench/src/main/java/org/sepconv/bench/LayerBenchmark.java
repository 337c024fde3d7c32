package org.sepconv.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.sepconv.bench.implementation.Implementation;
import org.sepconv.bench.implementation.Implementations;
import org.sepconv.bench.implementation.ModelFile;
import org.sepconv.bench.implementation.PreparedLayer;
import org.sepconv.bench.implementation.Workload;
import org.sepconv.cases.Agreement;

/**
 * One run of a prepared layer or network, data and weights in place. Before it is timed, its answer
 * is compared with the reference; a wrong one ends the fork.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class LayerBenchmark {

  /** As {@link Subject#parse} takes it: a line of a shape file, a network, or a model. */
  @Param("block1 separable in=32x112x112 out=64 kernel=3 padding=same bias=true activation=relu6")
  public String shape;

  /** As {@link Implementations#named} takes it. */
  @Param("cpu")
  public String implementation;

  /** Threads of the implementation; JMH itself uses one. */
  @Param("1")
  public int threads;

  @SuppressWarnings("NullAway.Init") // by setup(), if it does not throw
  private PreparedLayer layer;

  /** Prepares the layer and checks what it computes. */
  @Setup
  public void setup() throws IOException {
    try {
      prepare().write();
    } catch (RuntimeException | Error failure) {
      ForkNotes.writeFailure(failure);
      throw failure;
    }
  }

  private ForkNotes prepare() throws IOException {
    Isa.ofThisJvm().apply();
    Subject subject = Subject.parse(shape);
    Implementation measured = Implementations.named(implementation);
    Workload work = subject.workload();
    Answer answer = Answer.of(subject);
    long start = System.nanoTime();
    layer = measured.prepare(work, threads);
    long prepared = System.nanoTime();
    double read = measured.readsFiles() ? 0 : work.file().map(ModelFile::readSeconds).orElse(0.0);
    layer.run();
    long ran = System.nanoTime();
    double error = Agreement.of(answer.expected(), subject.given(layer)).errorOverBound();
    if (error > subject.tolerance(measured)) {
      throw new IllegalStateException(
          "%s computes something else than the reference: the largest error is %.3g times the bound"
              .formatted(layer.kernel(), error));
    }
    return new ForkNotes(
        layer.kernel(), read + (prepared - start) * 1e-9, (ran - prepared) * 1e-9, error);
  }

  /** One run. */
  @Benchmark
  public void run() {
    layer.run();
  }

  /** Gives everything back. */
  @TearDown
  public void tearDown() {
    layer.close();
  }
}
