package org.sepconv.spark;

import java.util.Optional;
import org.sepconv.Problem;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.Preprocessing;
import org.sepconv.vision.filter.PictureFilter;

/**
 * A network, or a filter, that is ready to run, in the JVM of an executor. Any number of tasks run
 * it at once.
 */
final class PreparedNetwork implements AutoCloseable {
  private final Backends backends;
  private final Prepared prepared;
  private final Optional<Preprocessing> preprocessing;

  private PreparedNetwork(
      Backends backends, Prepared prepared, Optional<Preprocessing> preprocessing) {
    this.backends = backends;
    this.prepared = prepared;
    this.preprocessing = preprocessing;
  }

  /**
   * Warmed up, while the tasks that want it wait: the JVM compiles fast on cores that nobody uses,
   * and as good as never where tasks keep all of them busy with code that it has not compiled.
   */
  static PreparedNetwork of(byte[] model, NetworkSettings settings) {
    SizedNetwork sized = SizedNetwork.of(model, settings);
    return of(
        sized.problem(), sized.network().weights(), settings, Optional.of(sized.preprocessing()));
  }

  /**
   * A filter, warmed up for pictures of one size: {@link #sized} takes others.
   *
   * @param source of the picture with its border
   */
  static PreparedNetwork of(PictureFilter filter, TensorSpec source, NetworkSettings settings) {
    Problem problem = Problem.of(filter.convolution(), source);
    return of(problem, filter.weights(), settings, Optional.empty());
  }

  private static PreparedNetwork of(
      Problem problem,
      Weights weights,
      NetworkSettings settings,
      Optional<Preprocessing> preprocessing) {
    Backends backends =
        Backends.discover(BackendOptions.defaults().withThreads(settings.threads()));
    try {
      Prepared prepared = backends.backend(settings.backend()).prepare(problem, weights);
      return new PreparedNetwork(backends, prepared, preprocessing);
    } catch (RuntimeException | Error failure) {
      backends.close();
      throw failure;
    }
  }

  /** Of one picture. */
  Preprocessing preprocessing() {
    return preprocessing.orElseThrow();
  }

  /** Tensors of their own, for one thread at a time; the caller closes them, before this. */
  OwningRun run() {
    return OwningRun.of(prepared);
  }

  /** The same for a source of another size; the caller closes it, before this. */
  Prepared sized(TensorSpec source) {
    return prepared.withSource(source);
  }

  /** Waits for the runs under way. */
  @Override
  public void close() {
    try (backends;
        prepared) {
      // Closed in the other order, whatever one of them throws.
    }
  }
}
