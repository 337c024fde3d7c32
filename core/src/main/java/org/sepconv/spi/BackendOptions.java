package org.sepconv.spi;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * How a backend is opened.
 *
 * @param threads CPU threads that a run may use
 * @param properties settings of single backends, each key starting with the backend's name: {@code
 *     cpu.kernels=scalar}
 */
public record BackendOptions(int threads, Map<String, String> properties) {

  public BackendOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is " + threads + ", but must be at least 1");
    }
    properties = Map.copyOf(Objects.requireNonNull(properties, "properties"));
  }

  /** As many threads as there are available processors, and no settings. */
  public static BackendOptions defaults() {
    return new BackendOptions(Runtime.getRuntime().availableProcessors(), Map.of());
  }

  public BackendOptions withThreads(int count) {
    return new BackendOptions(count, properties);
  }

  public BackendOptions with(String key, String value) {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(value, "value");
    Map<String, String> changed = new TreeMap<>(properties);
    changed.put(key, value);
    return new BackendOptions(threads, changed);
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
