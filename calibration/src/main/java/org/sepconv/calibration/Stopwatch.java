package org.sepconv.calibration;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.sepconv.Add;
import org.sepconv.Conv2d;
import org.sepconv.ConvWeights;
import org.sepconv.GlobalAveragePool;
import org.sepconv.Graph;
import org.sepconv.GraphWeights;
import org.sepconv.Operation;
import org.sepconv.Problem;
import org.sepconv.SeparableConv2d;
import org.sepconv.SeparableWeights;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.Prepared;
import org.sepconv.spi.Run;
import org.sepconv.spi.Tensor;

/** One prepared problem bound to its tensors: runs it in slices, and knows its usual time. */
final class Stopwatch implements AutoCloseable {

  /** A sample shorter than this would measure the clock. */
  private static final long SHORTEST_SAMPLE_NANOS = 100_000;

  /** Less than this share of an earlier time is faster, and not chance. */
  private static final double FASTER = 0.93;

  /** A JVM compiles in steps, which are up to 300 ms apart. */
  private static final long SETTLED_NANOS = 1_000_000_000;

  private static final int SETTLED_SLICES = 10;

  /**
   * Vector code that is not compiled makes an object of every vector: a run that allocates more
   * than this is cold, however steady its time. Warm runs of Sepconv's backends allocate some KiB
   * at most.
   */
  private static final long MOST_WARM_BYTES = 64 << 10;

  private static final int MOST_RUNS = 1000;
  private static final int MOST_SAMPLES = 200;

  private final Deque<Runnable> closings = new ArrayDeque<>();
  private final Run run;
  private final LongSupplier nanos;
  private final LongSupplier allocated;
  private final List<Double> slices = new ArrayList<>();
  private long fastest = Long.MAX_VALUE;
  private double fastestSlice = Double.POSITIVE_INFINITY;
  private long fasterAt;
  private int slicesSince;
  private boolean allocates;

  /**
   * Prepares a problem and fills its inputs.
   *
   * @param allocated bytes so far, of all threads
   */
  Stopwatch(ConvBackend backend, Problem problem, LongSupplier nanos, LongSupplier allocated) {
    this.nanos = nanos;
    this.allocated = allocated;
    try {
      Prepared prepared = backend.prepare(problem, weights(problem.operation()));
      closings.push(prepared::close);
      List<Tensor> inputs = allocate(backend, problem.inputs());
      for (Tensor input : inputs) {
        input.write(values(input.spec().shape().elements()));
      }
      run = prepared.bind(inputs, allocate(backend, problem.outputs()));
      closings.push(run::close);
    } catch (RuntimeException | Error failure) {
      close();
      throw failure;
    }
  }

  private List<Tensor> allocate(ConvBackend backend, List<TensorSpec> specs) {
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec spec : specs) {
      Tensor tensor = backend.allocate(spec);
      closings.push(tensor::close);
      tensors.add(tensor);
    }
    return tensors;
  }

  private static Weights weights(Operation operation) {
    return switch (operation) {
      case Conv2d conv -> weights(conv);
      case SeparableConv2d separable ->
          new SeparableWeights(weights(separable.depthwise()), weights(separable.pointwise()));
      case Graph graph ->
          new GraphWeights(
              graph.nodes().stream()
                  .collect(Collectors.toMap(Graph.Node::name, node -> weights(node.operation()))));
      case Add _, GlobalAveragePool _ -> Weights.none();
    };
  }

  private static ConvWeights weights(Conv2d conv) {
    float[] filter = values(conv.filterSize());
    return conv.bias()
        ? ConvWeights.of(filter, values(conv.outChannels()))
        : ConvWeights.of(filter);
  }

  /** Small numbers of both signs: no denormal ones, which are slow, and none that grow. */
  private static float[] values(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i * 37 % 64 - 31.5f) / 64;
    }
    return values;
  }

  /**
   * Runs for about this long, at least twice; the first run finds cold caches and does not count.
   */
  void slice(long length) {
    long bytes = allocated.getAsLong();
    long start = nanos.getAsLong();
    run.run();
    long now = nanos.getAsLong();
    fastest = Math.clamp(now - start, 1, fastest);
    int batch = Math.clamp(SHORTEST_SAMPLE_NANOS / fastest, 1, MOST_RUNS);
    double[] samples = new double[MOST_SAMPLES];
    int count = 0;
    do {
      long before = now;
      for (int i = 0; i < batch; i++) {
        run.run();
      }
      now = nanos.getAsLong();
      samples[count++] = Math.max(1, now - before) / 1e9 / batch;
      fastest = Math.clamp((now - before) / batch, 1, fastest);
    } while (now - start < length && count < MOST_SAMPLES);
    long runs = 1 + (long) count * batch;
    allocates = (allocated.getAsLong() - bytes) / runs > MOST_WARM_BYTES;
    double seconds = median(Arrays.copyOf(samples, count));
    slices.add(seconds);
    slicesSince++;
    if (seconds < FASTER * fastestSlice) {
      fastestSlice = seconds;
      fasterAt = now;
      slicesSince = 0;
    }
  }

  /** Whether runs do not become faster any more, and are compiled. */
  boolean isWarm() {
    return !allocates
        && slicesSince >= SETTLED_SLICES
        && nanos.getAsLong() - fasterAt >= SETTLED_NANOS;
  }

  /** Forgets the slices, but not how warm it is. */
  void startOver() {
    slices.clear();
  }

  /** The median of the slices. */
  double seconds() {
    return median(slices.stream().mapToDouble(Double::doubleValue).toArray());
  }

  static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
