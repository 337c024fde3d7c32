package org.sepconv.spark;

import org.sepconv.select.Backends;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.OwningRun;
import org.sepconv.spi.Prepared;
import org.sepconv.vision.Preprocessing;

/**
 * A network that is ready to run, in the JVM of an executor. Any number of tasks run it at once.
 */
final class PreparedNetwork implements AutoCloseable {
  private final Backends backends;
  private final Prepared prepared;
  private final Preprocessing preprocessing;

  private PreparedNetwork(Backends backends, Prepared prepared, Preprocessing preprocessing) {
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
    Backends backends =
        Backends.discover(BackendOptions.defaults().withThreads(settings.threads()));
    try {
      Prepared prepared =
          backends.backend(settings.backend()).prepare(sized.problem(), sized.network().weights());
      return new PreparedNetwork(backends, prepared, sized.preprocessing());
    } catch (RuntimeException | Error failure) {
      backends.close();
      throw failure;
    }
  }

  /** Of one picture. */
  Preprocessing preprocessing() {
    return preprocessing;
  }

  /** Tensors of their own, for one thread at a time; the caller closes them, before this. */
  OwningRun run() {
    return OwningRun.of(prepared);
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
