package org.sepconv.spi;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a backend is opened.
 *
 * @param threads CPU threads that a run may use, 1 to {@value #MAX_THREADS}; a backend starts no
 *     more of them than its work can keep busy
 * @param warmUp how long {@code prepare} may run what it prepared, so that the first {@code run} is
 *     fast; zero for not at all. It ends earlier when runs do not become faster any more
 * @param properties settings of single backends, each key starting with the backend's name: {@code
 *     cpu.kernels=scalar}
 */
public record BackendOptions(int threads, Duration warmUp, Map<String, String> properties) {

  /** More threads than this are refused: no machine that runs this has as many processors. */
  public static final int MAX_THREADS = 1024;

  /**
   * For those who measure: warming up ends when runs do not become faster any more, usually within
   * a second; but where others keep the machine busy, the JVM's compiler takes many times as long,
   * and what it has not got to is a hundred times slower.
   */
  public static final Duration LONGEST_WARM_UP = Duration.ofSeconds(20);

  private static final Duration USUAL_WARM_UP = Duration.ofSeconds(2);

  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be at least 1");
    }
    if (threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "threads is %d, but must be at most %d; more than the available processors (%d) are seldom of use"
              .formatted(threads, MAX_THREADS, Runtime.getRuntime().availableProcessors()));
    }
    if (warmUp.isNegative()) {
      throw new IllegalArgumentException("warm-up is " + warmUp + ", but must not be negative");
    }
    properties = Map.copyOf(Objects.requireNonNull(properties, "properties"));
  }

  /**
   * As many threads as there are available processors, at most {@link #MAX_THREADS}; up to two
   * seconds to warm up, no settings.
   */
  public static BackendOptions defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new BackendOptions(Math.min(processors, MAX_THREADS), USUAL_WARM_UP, Map.of());
  }

  public BackendOptions withThreads(int count) {
    return new BackendOptions(count, warmUp, properties);
  }

  /** Another time budget for warming up; zero turns it off. */
  public BackendOptions withWarmUp(Duration budget) {
    return new BackendOptions(threads, budget, properties);
  }

  public BackendOptions with(String key, String value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Map<String, String> changed = new TreeMap<>(properties);
    changed.put(key, value);
    return new BackendOptions(threads, warmUp, changed);
  }

  /**
   * The settings of one backend, without its prefix.
   *
   * @param known the settings that the backend has
   * @throws IllegalArgumentException if there is another one, with this list
   */
  public Map<String, String> of(String backend, java.util.Set<String> known) {
    Map<String, String> own = new TreeMap<>();
    String prefix = backend + ".";
    for (Map.Entry<String, String> property : properties.entrySet()) {
      if (property.getKey().startsWith(prefix)) {
        String key = property.getKey().substring(prefix.length());
        if (!known.contains(key)) {
          throw new IllegalArgumentException(
              "backend %s has no setting '%s'; it has: %s"
                  .formatted(backend, property.getKey(), new java.util.TreeSet<>(known)));
        }
        own.put(key, property.getValue());
      }
    }
    return own;
  }
}
