package org.sepconv.select;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.Closing;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/**
 * The devices of the backends that were found: each opened when it is first asked for, all closed
 * together. Thread-safe.
 */
final class OpenDevices implements AutoCloseable {
  private final Discovery discovery;
  private final BackendOptions options;
  private final Map<String, ConvBackend> opened = new LinkedHashMap<>();
  private boolean closed;

  OpenDevices(Discovery discovery, BackendOptions options) {
    this.discovery = discovery;
    this.options = options;
  }

  /** Every device of every available backend that stands in lists. */
  List<DeviceInfo> all() {
    return discovery.listed().flatMap(backend -> backend.devices().stream()).toList();
  }

  /** Of the backends that stand in lists. */
  List<BackendStatus> statuses() {
    return discovery.statuses();
  }

  /** As {@link Backends#backend(String)}. */
  ConvBackend get(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    Discovery.Found backend =
        discovery
            .named(wanted)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "there is no backend '%s'; there are: %s"
                            .formatted(
                                name,
                                discovery.statuses().stream()
                                    .map(BackendStatus::name)
                                    .collect(Collectors.joining(", ")))));
    return switch (backend.status().availability()) {
      case Availability.Unavailable(String reason, String remedy) ->
          throw new BackendException(
              backend.name(), "unavailable: " + reason + (remedy.isEmpty() ? "" : "; " + remedy));
      case Availability.Available(List<DeviceInfo> devices) ->
          open(backend.provider(), pick(backend.name(), wanted, devices));
    };
  }

  private static DeviceInfo pick(String backend, String wanted, List<DeviceInfo> devices) {
    for (DeviceInfo device : devices) {
      if (device.id().equals(wanted)) {
        return device;
      }
    }
    if (wanted.equals(backend)) {
      return devices.getFirst();
    }
    String part = wanted.substring(backend.length() + 1);
    for (DeviceInfo device : devices) {
      if (!part.isEmpty() && device.name().toLowerCase(Locale.ROOT).contains(part)) {
        return device;
      }
    }
    throw new IllegalArgumentException(
        "backend %s has no device '%s'; it has: %s"
            .formatted(
                backend,
                part,
                devices.stream()
                    .map(device -> device.id() + " (" + device.name() + ")")
                    .collect(Collectors.joining(", "))));
  }

  private synchronized ConvBackend open(ConvBackendProvider provider, DeviceInfo device) {
    if (closed) {
      throw new IllegalStateException("backends are closed");
    }
    ConvBackend backend = opened.get(device.id());
    if (backend == null) {
      try {
        backend = Objects.requireNonNull(provider.open(device, options), "open() returned null");
      } catch (IllegalArgumentException | BackendException failure) {
        throw failure; // a wrong setting, or what went wrong already in words
      } catch (LinkageError failure) {
        throw new BackendException(device.id(), "a library does not load: " + failure, failure);
      } catch (RuntimeException | AssertionError failure) {
        throw new BackendException(device.id(), "failed while it was opened: " + failure, failure);
      }
      opened.put(device.id(), backend);
    }
    return backend;
  }

  /** Whatever may change the answer of a selection, apart from the question. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    text.append("threads ").append(options.threads());
    text.append("\noptions ").append(new TreeMap<>(options.properties()));
    discovery
        .listed()
        .filter(backend -> !backend.devices().isEmpty())
        .forEach(
            backend -> {
              Class<?> type = backend.provider().getClass();
              text.append("\nbackend ").append(type.getName()).append(' ').append(version(type));
              backend.devices().forEach(device -> text.append('\n').append(device.fingerprint()));
            });
    return text.toString();
  }

  /** The version in the manifest of the jar that a class is from. */
  static String version(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("unpackaged");
  }

  /** Closes every device that was opened; a failure of one does not keep the others open. */
  @Override
  public synchronized void close() {
    closed = true;
    List<Runnable> closings =
        opened.values().stream().<Runnable>map(backend -> backend::close).toList();
    opened.clear();
    Closing.all(closings);
  }
}
