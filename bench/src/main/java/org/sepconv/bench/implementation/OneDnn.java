package org.sepconv.bench.implementation;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sepconv.bench.implementation.DnnlLibrary.Format;

/**
 * oneDNN on the CPU: weights packed, input and output in the layout that is fastest, found by
 * trying each; the reorders are not part of a run. A separable convolution is two primitives: the
 * depthwise post-op of oneDNN follows a pointwise convolution, and cannot precede one.
 */
final class OneDnn implements Implementation {
  static final String NAME = "onednn";

  /** So many times the best time, and the first run has said enough. */
  private static final long HOPELESS = 20;

  private final long trialNanos;
  private Optional<DnnlLibrary> library = Optional.empty();

  OneDnn() {
    this(40_000_000);
  }

  /**
   * @param trialNanos how long each layout is tried
   */
  OneDnn(long trialNanos) {
    this.trialNanos = trialNanos;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean peer() {
    return true;
  }

  @Override
  public Optional<String> unavailable() {
    return DnnlLibrary.unavailable();
  }

  @Override
  public List<String> jvmOptions(Path folder) throws IOException {
    DnnlLibrary.extract(folder);
    return List.of("-D" + DnnlLibrary.FOLDER_PROPERTY + "=" + folder);
  }

  @Override
  public PreparedLayer prepare(Workload work, int threads) {
    DnnlLibrary dnnl = library();
    dnnl.useThreads(threads);
    FlatGraph graph = FlatGraph.fused(work.problem(), work.weights());
    Optional<Layer> best = Optional.empty();
    List<String> refused = new ArrayList<>();
    long bestNanos = Long.MAX_VALUE;
    for (Format format : List.of(Format.ANY, Format.NCHW16C, Format.NCHW8C, Format.NHWC)) {
      DnnlGraph primitives;
      try {
        primitives = new DnnlGraph(dnnl, graph, format, work.inputs());
      } catch (IllegalStateException failure) {
        refused.add(failure.getMessage());
        continue;
      }
      long nanos = time(primitives, bestNanos);
      if (nanos < bestNanos) {
        best.ifPresent(Layer::close);
        best = Optional.of(new Layer(dnnl, primitives, format, threads));
        bestNanos = nanos;
      } else {
        primitives.close();
      }
    }
    return best.orElseThrow(() -> new IllegalStateException(String.join("; ", refused)));
  }

  /** Loaded once: a second copy of OpenMP finds no room for its thread-local variables. */
  private synchronized DnnlLibrary library() {
    DnnlLibrary loaded = library.orElseGet(DnnlLibrary::load);
    library = Optional.of(loaded);
    return loaded;
  }

  /**
   * The fastest run of a short trial; {@link Long#MAX_VALUE} where the first takes far longer than
   * the best so far.
   */
  private long time(DnnlGraph primitives, long best) {
    long limit = best == Long.MAX_VALUE ? best : HOPELESS * best + trialNanos;
    if (!primitives.runWithin(limit)) {
      return Long.MAX_VALUE;
    }
    long fastest = Long.MAX_VALUE;
    long end = System.nanoTime() + trialNanos;
    long start;
    do {
      start = System.nanoTime();
      primitives.run();
      fastest = Math.min(fastest, System.nanoTime() - start);
    } while (start < end);
    return fastest;
  }

  private static final class Layer implements PreparedLayer {
    private final DnnlLibrary dnnl;
    private final DnnlGraph primitives;
    private final Format format;
    private final int threads;
    private Thread configured = Thread.currentThread();

    Layer(DnnlLibrary dnnl, DnnlGraph primitives, Format format, int threads) {
      this.dnnl = dnnl;
      this.primitives = primitives;
      this.format = format;
      this.threads = threads;
    }

    @Override
    public String kernel() {
      return "oneDNN %s %s (%s)"
          .formatted(dnnl.version(), primitives.kernel(), format.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void run() {
      Thread current = Thread.currentThread();
      if (current != configured) { // OpenMP keeps the number for each thread that asks
        dnnl.useThreads(threads);
        configured = current;
      }
      primitives.run();
    }

    @Override
    public float[] output() {
      return primitives.output();
    }

    @Override
    public void close() {
      primitives.close();
    }
  }
}
