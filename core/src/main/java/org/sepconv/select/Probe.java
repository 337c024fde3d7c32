package org.sepconv.select;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.sepconv.spi.Availability;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;

/** Asks providers what they have, and turns whatever they throw into a reason. */
final class Probe {
  private Probe() {}

  /**
   * Who it is and what it has.
   *
   * @throws RuntimeException if it cannot even say its name or its rank
   */
  static Discovery.Found ask(ConvBackendProvider provider, BoundedCall bounded) {
    String type = provider.getClass().getName();
    String name = checkName(bounded.call(type, provider::name));
    try {
      return bounded.call(
          name,
          () -> {
            Availability availability = probe(provider, name);
            BackendStatus status = new BackendStatus(name, provider.rank(), availability);
            return new Discovery.Found(status, provider, !provider.onlyByName(), true);
          });
    } catch (BoundedCall.Unanswered failure) {
      Availability availability = failed("was given up while it was probed", failure);
      BackendStatus status = new BackendStatus(name, Integer.MAX_VALUE, availability);
      return new Discovery.Found(status, provider, true, false);
    }
  }

  private static String checkName(String name) {
    if (name == null || !name.matches("[a-z][a-z0-9_-]*")) {
      throw new IllegalStateException(
          "its name is '%s', but must be of lower-case letters, digits, - and _".formatted(name));
    }
    return name;
  }

  static Availability probe(ConvBackendProvider provider, String name) {
    try {
      Availability answer = Objects.requireNonNull(provider.probe(), "probe() returned null");
      if (answer instanceof Availability.Available(List<DeviceInfo> devices)) {
        checkIds(name, devices);
      }
      return answer;
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      return failed("failed while it was probed", failure);
    }
  }

  private static void checkIds(String name, List<DeviceInfo> devices) {
    Set<String> ids = new HashSet<>();
    for (DeviceInfo device : devices) {
      String id = device.id();
      boolean named = id.equals(name) || id.startsWith(name + ":");
      if (!named || !id.equals(id.toLowerCase(Locale.ROOT)) || !ids.add(id)) {
        throw new IllegalStateException(
            "the id '%s' of a device is not '%s' or '%s:...' in lower case, or not unique"
                .formatted(id, name, name));
      }
    }
  }

  static BackendStatus broken(String name, String what, Throwable failure) {
    return new BackendStatus(name, Integer.MAX_VALUE, failed(what, failure));
  }

  private static Availability failed(String what, Throwable failure) {
    return failure instanceof BoundedCall.Unanswered unanswered
        ? new Availability.Unavailable(what + ": " + failure.getMessage(), unanswered.remedy())
        : new Availability.Unavailable(
            what + ": " + failure + because(failure), "report this to the backend's author");
  }

  /** A provider's own failure, where the one that loads it wraps it. */
  private static String because(Throwable failure) {
    return failure.getCause() == null ? "" : " (" + failure.getCause() + ")";
  }
}
