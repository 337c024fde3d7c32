package org.sepconv.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sepconv.Convolution;
import org.sepconv.Layout;
import org.sepconv.TensorSpec;
import org.sepconv.Weights;
import org.sepconv.cost.DeviceProfile;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendException;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.ProfileSource;

/**
 * The backends of this process: found once, each device opened when it is first asked for, all
 * closed together. Thread-safe.
 */
public final class Backends implements AutoCloseable {

  /** A backend that was found, and whether it can be used. */
  public record Status(String name, int rank, Availability availability) {}

  private record Found(Status status, ConvBackendProvider provider) {}

  private final BackendOptions options;
  private final List<Found> found;
  private final List<Status> broken;
  private final Map<String, ConvBackend> opened = new LinkedHashMap<>();
  private final Profiles profiles;
  private final Selector selector;
  private boolean closed;

  private Backends(
      BackendOptions options,
      List<Found> found,
      List<Status> broken,
      List<ProfileSource> sources,
      TimeSource time) {
    this.options = options;
    this.profiles = new Profiles(options, sources);
    this.found = found;
    this.broken = broken;
    this.selector = new Selector(this, time);
  }

  /** The backends on the class path, with default options. */
  public static Backends discover() {
    return discover(BackendOptions.defaults());
  }

  /**
   * The backends on the class path. One that cannot be loaded or throws while it is probed is
   * reported as unavailable and never hides the others.
   *
   * @throws IllegalArgumentException if an option belongs to no backend that was found
   */
  public static Backends discover(BackendOptions options) {
    List<ConvBackendProvider> providers = new ArrayList<>();
    List<Status> broken = new ArrayList<>();
    var services = ServiceLoader.load(ConvBackendProvider.class).stream().iterator();
    String lastFailure = "";
    while (true) {
      String name = "a provider";
      try {
        if (!services.hasNext()) {
          break;
        }
        var service = services.next();
        name = service.type().getName();
        providers.add(service.get());
      } catch (ServiceConfigurationError | LinkageError failure) {
        if (failure.toString().equals(lastFailure)) {
          break; // not the next provider's failure, but that of looking for it, over and over
        }
        lastFailure = failure.toString();
        broken.add(Probe.broken(name, "cannot be loaded", failure));
      }
    }
    return of(options, providers, broken, Profiles.sources(), TimeSource.SYSTEM);
  }

  /** These backends and no others; nothing is looked up. */
  public static Backends of(BackendOptions options, List<ConvBackendProvider> providers) {
    return of(options, providers, TimeSource.SYSTEM);
  }

  /** These backends, with profiles from these sources where they have them. */
  public static Backends of(
      BackendOptions options, List<ConvBackendProvider> providers, List<ProfileSource> sources) {
    return of(options, providers, new ArrayList<>(), sources, TimeSource.SYSTEM);
  }

  static Backends of(BackendOptions options, List<ConvBackendProvider> providers, TimeSource time) {
    return of(options, providers, new ArrayList<>(), List.of(), time);
  }

  private static Backends of(
      BackendOptions options,
      List<ConvBackendProvider> providers,
      List<Status> broken,
      List<ProfileSource> sources,
      TimeSource time) {
    List<Found> found = new ArrayList<>();
    for (ConvBackendProvider provider : providers) {
      try {
        String name = Probe.checkName(provider.name());
        found.add(
            new Found(new Status(name, provider.rank(), Probe.probe(provider, name)), provider));
      } catch (RuntimeException | LinkageError failure) {
        broken.add(Probe.broken(provider.getClass().getName(), "cannot be used", failure));
      }
    }
    found.sort(
        Comparator.<Found>comparingInt(backend -> backend.status.rank)
            .thenComparing(backend -> backend.status.name));
    Set<String> names = new HashSet<>();
    found.removeIf(
        backend -> {
          boolean taken = !names.add(backend.status.name);
          if (taken) {
            broken.add(
                Probe.broken(
                    backend.provider.getClass().getName(),
                    "cannot be used",
                    new IllegalStateException(
                        "another backend is named '%s'".formatted(backend.status.name))));
          }
          return taken;
        });
    for (String key : options.properties().keySet()) {
      if (found.stream().noneMatch(backend -> key.startsWith(backend.status.name + "."))) {
        throw new IllegalArgumentException(
            "option '%s' belongs to no backend; it must start with one of: %s"
                .formatted(
                    key,
                    found.stream()
                        .map(backend -> backend.status.name + ".")
                        .collect(Collectors.joining(", "))));
      }
    }
    return new Backends(options, found, broken, sources, time);
  }

  /** Every backend that was found, best rank first, the broken ones last. */
  public List<Status> statuses() {
    List<Status> all = new ArrayList<>();
    found.forEach(backend -> all.add(backend.status));
    all.addAll(broken);
    return all;
  }

  /**
   * What each backend finds on this machine, in the order of {@link #statuses()}: more than whether
   * it is available, with what to do about it. One that fails at it is reported and hides nobody.
   */
  public List<Diagnosis> diagnose() {
    List<Diagnosis> all = new ArrayList<>();
    found.forEach(backend -> all.add(Diagnosis.of(backend.status, backend.provider)));
    broken.forEach(status -> all.add(Diagnosis.broken(status)));
    return all;
  }

  /** Every device of every available backend. */
  public List<DeviceInfo> devices() {
    List<DeviceInfo> devices = new ArrayList<>();
    for (Found backend : found) {
      if (backend.status.availability instanceof Availability.Available available) {
        devices.addAll(available.devices());
      }
    }
    return devices;
  }

  /**
   * Opens a device, or returns it where it is open already. It belongs to this object: do not close
   * it.
   *
   * @param name a device's id ({@code opencl:1}), a backend's name for its first device ({@code
   *     cpu}), or a backend's name and a part of a device's name ({@code opencl:nvidia})
   * @throws IllegalArgumentException if no backend has this name, listing those there are
   * @throws BackendException if the backend is unavailable, or the device does not open; never
   *     another one instead
   */
  public ConvBackend backend(String name) {
    String wanted = name.strip().toLowerCase(Locale.ROOT);
    for (Found backend : found) {
      String prefix = backend.status.name;
      if (!wanted.equals(prefix) && !wanted.startsWith(prefix + ":")) {
        continue;
      }
      return switch (backend.status.availability) {
        case Availability.Unavailable(String reason, String remedy) ->
            throw new BackendException(
                prefix, "unavailable: " + reason + (remedy.isEmpty() ? "" : "; " + remedy));
        case Availability.Available(List<DeviceInfo> devices) ->
            open(backend.provider, pick(prefix, wanted, devices));
      };
    }
    throw new IllegalArgumentException(
        "there is no backend '%s'; there are: %s"
            .formatted(
                name, statuses().stream().map(Status::name).collect(Collectors.joining(", "))));
  }

  private static DeviceInfo pick(String prefix, String wanted, List<DeviceInfo> devices) {
    for (DeviceInfo device : devices) {
      if (device.id().equals(wanted)) {
        return device;
      }
    }
    if (wanted.equals(prefix)) {
      return devices.getFirst();
    }
    String part = wanted.substring(prefix.length() + 1);
    for (DeviceInfo device : devices) {
      if (!part.isEmpty() && device.name().toLowerCase(Locale.ROOT).contains(part)) {
        return device;
      }
    }
    throw new IllegalArgumentException(
        "backend %s has no device '%s'; it has: %s"
            .formatted(
                prefix,
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
      } catch (RuntimeException failure) {
        throw new BackendException(device.id(), "failed while it was opened: " + failure, failure);
      }
      opened.put(device.id(), backend);
    }
    return backend;
  }

  /**
   * What the cost model knows of an opened device: what was measured there, if a {@link
   * ProfileSource} has it, or else what its backend estimates.
   */
  public DeviceProfile profile(ConvBackend backend) {
    return profiles.of(backend);
  }

  /** Has a device calibrated that was not before, if a {@link ProfileSource} can do so. */
  void calibrate(ConvBackend backend) {
    profiles.calibrate(backend);
  }

  /**
   * Chooses the device with the shortest predicted time, opening every available one.
   *
   * @throws IllegalArgumentException if the convolution cannot take such an input
   * @throws BackendException if no device can run it, with every reason
   */
  public Selection select(Convolution convolution, TensorSpec source) {
    return select(convolution, source, SelectionOptions.predicted());
  }

  /** The same with another layout of the output. */
  public Selection select(Convolution convolution, TensorSpec source, Layout destination) {
    return select(convolution, source, destination, SelectionOptions.predicted());
  }

  /** {@link #select(Convolution, TensorSpec, Layout, SelectionOptions)} with one layout. */
  public Selection select(Convolution convolution, TensorSpec source, SelectionOptions how) {
    return select(convolution, source, source.layout(), how);
  }

  /**
   * Chooses a device, predicted or measured.
   *
   * <p>A measured selection runs the convolution on the two devices with the shortest predicted
   * times, and on a third if its prediction is not more than three times the shortest; whoever
   * fails is replaced by the next. Only one measures at a time. An answer that was kept opens the
   * chosen device and no other.
   *
   * @throws IllegalArgumentException if the convolution cannot take such an input, or the device
   *     that has the data is unknown
   * @throws BackendException if no device can run it, with every reason
   */
  public Selection select(
      Convolution convolution, TensorSpec source, Layout destination, SelectionOptions how) {
    return selector.select(convolution, source, destination, how);
  }

  /** Whatever may change the answer of a selection, apart from the question. */
  String fingerprint() {
    StringBuilder text = new StringBuilder();
    text.append("threads ").append(options.threads());
    text.append("\noptions ").append(new TreeMap<>(options.properties()));
    for (Found backend : found) {
      if (backend.status.availability instanceof Availability.Available available) {
        Class<?> type = backend.provider.getClass();
        text.append("\nbackend ").append(type.getName()).append(' ').append(version(type));
        available.devices().forEach(device -> text.append('\n').append(device.fingerprint()));
      }
    }
    return text.toString();
  }

  /** The version in the manifest of the jar that a class is from. */
  static String version(Class<?> type) {
    return Optional.ofNullable(type.getPackage().getImplementationVersion()).orElse("unpackaged");
  }

  /**
   * The one-call form: selects by prediction, with the transfers from and to the host, prepares,
   * runs once, and cleans up.
   *
   * @param values the input in the order of {@code source}
   * @return the output in the same layout, in a new array
   */
  public float[] convolve(
      Convolution convolution, Weights weights, TensorSpec source, float[] values) {
    SelectionOptions how = SelectionOptions.predicted().withData(DataLocation.host());
    Selection selection = select(convolution, source, how);
    return backend(selection.chosen().id()).convolve(convolution, weights, source, values);
  }

  /**
   * The one-call form of a convolution that adds a residual.
   *
   * @param values the input in the order of {@code source}
   * @param residual values of the output's shape in the same layout
   * @return the output in the same layout, in a new array
   */
  public float[] convolve(
      Convolution convolution,
      Weights weights,
      TensorSpec source,
      float[] values,
      float[] residual) {
    SelectionOptions how = SelectionOptions.predicted().withData(DataLocation.host());
    Selection selection = select(convolution, source, how);
    return backend(selection.chosen().id())
        .convolve(convolution, weights, source, values, residual);
  }

  /** Closes every device that was opened; a failure of one does not keep the others open. */
  @Override
  public synchronized void close() {
    closed = true;
    Throwable first = null;
    for (ConvBackend backend : opened.values()) {
      try {
        backend.close();
      } catch (RuntimeException | Error failure) {
        if (first == null) {
          first = failure;
        } else {
          first.addSuppressed(failure);
        }
      }
    }
    opened.clear();
    switch (first) {
      case null -> {}
      case Error failure -> throw failure;
      default -> throw (RuntimeException) first;
    }
  }
}
