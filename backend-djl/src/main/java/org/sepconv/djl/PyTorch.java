package org.sepconv.djl;

import ai.djl.engine.Engine;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.sepconv.spi.BackendException;

/**
 * The engine, of which a process has one.
 *
 * @param engine the running engine
 * @param start how long it took to start; next to nothing where it was running already
 */
record PyTorch(Engine engine, Duration start) {
  private static final String NAME = "PyTorch";

  /**
   * Starts the engine, or finds it running.
   *
   * <p>DJL calls home when it starts and downloads natives that it does not find. Both are switched
   * off with system properties before its first class is initialised; an environment variable that
   * would win over them is refused.
   *
   * @param device who asks, for messages
   * @param threads of an operator, unless the engine is running already
   * @throws BackendException if it does not start, with the reason and the way out
   */
  static synchronized PyTorch start(String device, Natives natives, int threads) {
    String offline = System.getenv("DJL_OFFLINE");
    if (offline != null && !Boolean.parseBoolean(offline)) {
      throw new BackendException(
          device,
          "DJL_OFFLINE=%s in the environment lets DJL use the network, which Sepconv does not; unset it"
              .formatted(offline));
    }
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Path cache = NativesCache.folder();
    if (Natives.setting("DJL_CACHE_DIR").isEmpty()) {
      System.setProperty("ENGINE_CACHE_DIR", cache.toString());
    }
    // Operators of one run are in a row: there is nothing to run between them.
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    if (natives instanceof Natives.Bundled bundled) {
      Optional<String> damage = NativesCache.damage(cache, bundled, classes());
      if (damage.isPresent()) {
        throw new BackendException(
            device,
            "the natives in the cache are damaged: %s; delete the folder %s"
                .formatted(damage.get(), cache.resolve("pytorch")));
      }
    }
    long begin = System.nanoTime();
    try {
      Engine engine = Engine.getEngine(NAME);
      return new PyTorch(engine, Duration.ofNanos(System.nanoTime() - begin));
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      throw new BackendException(device, explain(failure, natives, cache), failure);
    }
  }

  private static String explain(Throwable failure, Natives natives, Path cache) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof IllegalCallerException) {
      return natives
          + " does not start: java denies it native code; start java with --enable-native-access=ALL-UNNAMED";
    }
    if (cause instanceof FileSystemException file) {
      return "%s cannot be unpacked into %s (%s); set DJL_CACHE_DIR to a folder that can be written"
          .formatted(natives, cache, file.getMessage());
    }
    if (String.valueOf(cause.getMessage()).contains("loaded in another classloader")) {
      return natives
          + " does not start: its natives belong to another class loader of this JVM; put sepconv-backend-djl, DJL and the natives where all applications share them, such as the server's own libraries, or start the JVM again";
    }
    if (String.valueOf(cause.getMessage()).startsWith("Offline mode")) {
      return natives
          + " does not fit this machine, and other natives are not downloaded; add the dependency ai.djl.pytorch:pytorch-native-cpu for "
          + Natives.platform();
    }
    return "%s does not start: %s; the dependencies pytorch-native and pytorch-jni must have the versions that DJL's engine expects; if they have, delete the folder %s"
        .formatted(natives, cause, cache.resolve("pytorch"));
  }

  /** Where DJL looks for natives. */
  static ClassLoader classes() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    return context != null ? context : PyTorch.class.getClassLoader();
  }
}
