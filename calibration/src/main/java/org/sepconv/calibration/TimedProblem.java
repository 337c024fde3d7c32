package org.sepconv.calibration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.sepconv.Graph;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.Weights;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Tensor;
import org.sepconv.timing.Quantiles;
import org.sepconv.timing.Stopwatch;

/** One prepared problem bound to its tensors: runs it in slices, and knows its usual time. */
final class TimedProblem implements AutoCloseable {

  private static final long SETTLED_NANOS = 1_000_000_000;

  private static final int SETTLED_SLICES = 10;

  /**
   * Vector code that is not compiled makes an object of every vector: a run that allocates more
   * than this is cold, however steady its time. Warm runs of Sepconv's backends allocate some KiB
   * at most.
   */
  private static final long MOST_WARM_BYTES = 64 << 10;

  private final Deque<Runnable> closings = new ArrayDeque<>();
  private final Stopwatch watch;
  private final LongSupplier allocated;
  private final List<Double> slices = new ArrayList<>();
  private long runs;
  private boolean allocates;

  /**
   * Prepares a problem and fills its inputs.
   *
   * @param allocated bytes so far, of all threads
   */
  TimedProblem(ConvBackend backend, Problem problem, LongSupplier nanos, LongSupplier allocated) {
    this.allocated = allocated;
    try {
      Prepared prepared = backend.prepare(problem, weights(problem.operation()));
      closings.push(prepared::close);
      OwningRun run = OwningRun.of(prepared);
      closings.push(run::close);
      for (Tensor input : run.inputs()) {
        input.write(values(input.spec().shape().elements()));
      }
      watch =
          new Stopwatch(
              () -> {
                run.run();
                runs++;
              },
              nanos);
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  /** Of a whole network those that keep the values of every layer ordinary. */
  private static Weights weights(Operation operation) {
    return operation instanceof Graph
        ? Weights.random(operation, 1)
        : Weights.filled(operation, TimedProblem::values);
  }

  /** Small numbers of both signs: no denormal ones, which are slow, and none that grow. */
  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 37 % 64 - 31.5f) / 64;
    }
    return values;
  }

  /** Runs for about this long. */
  void slice(long length) {
    long bytes = allocated.getAsLong();
    long before = runs;
    slices.add(Quantiles.median(watch.slice(length)));
    allocates = (allocated.getAsLong() - bytes) / (runs - before) > MOST_WARM_BYTES;
  }

  /** Whether runs do not become faster any more, and are compiled. */
  boolean isWarm() {
    return !allocates && watch.isSettled(SETTLED_NANOS, SETTLED_SLICES);
  }

  /** Forgets the slices, but not how warm it is. */
  void startOver() {
    slices.clear();
  }

  /** The median of the slices. */
  double seconds() {
    return Quantiles.median(slices);
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
