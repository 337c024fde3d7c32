package org.sepconv.select;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/**
 * The backends that there are, probed once: what can be used, and what is wrong with the others.
 *
 * @param found best rank first; those that are offered only by name among them
 * @param broken what could not even be probed
 */
record Discovery(List<Found> found, List<BackendStatus> broken) {

  /**
   * A backend and what it said when it was probed.
   *
   * @param listed whether it stands in lists, and may be selected
   * @param answered whether it may be asked more
   */
  record Found(
      BackendStatus status, ConvBackendProvider provider, boolean listed, boolean answered) {
    String name() {
      return status.name();
    }

    List<DeviceInfo> devices() {
      return status.availability() instanceof Availability.Available(List<DeviceInfo> devices)
          ? devices
          : List.of();
    }
  }

  /** The backends on the class path or module path. */
  static Discovery ofServices() {
    BoundedCall bounded = BoundedCall.usual();
    List<ConvBackendProvider> providers = new ArrayList<>();
    List<BackendStatus> broken = new ArrayList<>();
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
        providers.add(bounded.call(name, service));
      } catch (BoundedCall.Unanswered failure) {
        broken.add(Probe.broken(name, "cannot be loaded", failure));
      } catch (ServiceConfigurationError | LinkageError failure) {
        if (failure.toString().equals(lastFailure)) {
          break; // not the next provider's failure, but that of looking for it, over and over
        }
        lastFailure = failure.toString();
        broken.add(Probe.broken(name, "cannot be loaded", failure));
      }
    }
    return of(providers, broken, bounded);
  }

  /** These backends and no others. */
  static Discovery of(List<ConvBackendProvider> providers) {
    return of(providers, BoundedCall.usual());
  }

  static Discovery of(List<ConvBackendProvider> providers, BoundedCall bounded) {
    return of(providers, List.of(), bounded);
  }

  private static Discovery of(
      List<ConvBackendProvider> providers, List<BackendStatus> unloaded, BoundedCall bounded) {
    List<BackendStatus> broken = new ArrayList<>(unloaded);
    List<Found> found = new ArrayList<>();
    for (ConvBackendProvider provider : providers) {
      try {
        found.add(Probe.ask(provider, bounded));
      } catch (RuntimeException | LinkageError | AssertionError failure) {
        broken.add(Probe.broken(provider.getClass().getName(), "cannot be used", failure));
      }
    }
    found.sort(
        Comparator.<Found>comparingInt(backend -> backend.status.rank())
            .thenComparing(Found::name));
    Set<String> names = new HashSet<>();
    List<Found> unique = new ArrayList<>();
    for (Found backend : found) {
      if (names.add(backend.name())) {
        unique.add(backend);
      } else {
        broken.add(
            Probe.broken(
                backend.provider.getClass().getName(),
                "cannot be used",
                new IllegalStateException(
                    "another backend is named '%s'".formatted(backend.name()))));
      }
    }
    return new Discovery(List.copyOf(unique), List.copyOf(broken));
  }

  /**
   * Refuses settings of backends that are not there.
   *
   * @throws IllegalArgumentException naming those that are
   */
  void checkOptions(BackendOptions options) {
    for (String key : options.properties().keySet()) {
      if (found.stream().noneMatch(backend -> key.startsWith(backend.name() + "."))) {
        throw new IllegalArgumentException(
            "option '%s' belongs to no backend; it must start with one of: %s"
                .formatted(
                    key,
                    found.stream()
                        .map(backend -> backend.name() + ".")
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  /** Of those that stand in lists; the broken ones last. */
  List<BackendStatus> statuses() {
    return Stream.concat(listed().map(Found::status), broken.stream()).toList();
  }

  Stream<Found> listed() {
    return found.stream().filter(Found::listed);
  }

  /** The backend that a name like {@code cpu} or {@code opencl:1} starts with. */
  Optional<Found> named(String name) {
    return found.stream()
        .filter(backend -> name.equals(backend.name()) || name.startsWith(backend.name() + ":"))
        .findFirst();
  }
}
