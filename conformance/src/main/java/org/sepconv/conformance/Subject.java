package org.sepconv.conformance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.sepconv.Layout;
import org.sepconv.cases.ShapeCase;
import org.sepconv.cases.ShapeFile;
import org.sepconv.spi.Availability;
import org.sepconv.spi.BackendOptions;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.ConvBackendProvider;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Support;

/** What a suite tests: the device is looked for and opened once for all rules. */
final class Subject implements AutoCloseable {
  final ConvBackendProvider provider;
  final BackendOptions options;
  final long seed;
  final int randomCases;
  final List<ShapeCase> corners = ShapeFile.named("corners");

  private final Optional<DeviceInfo> device;

  /** Why there is no device; empty if there is one. */
  private final String missing;

  private final boolean required;
  private Optional<ConvBackend> opened = Optional.empty();

  /**
   * @param wanted id of the device; empty for the first one
   * @param requirements value of {@link Requirement#VARIABLE}
   */
  Subject(
      ConvBackendProvider provider,
      BackendOptions options,
      Optional<String> wanted,
      String requirements,
      long seed,
      int randomCases) {
    this.provider = provider;
    this.options = options.withWarmUp(Duration.ZERO);
    this.seed = seed;
    this.randomCases = randomCases;
    String name = provider.name();
    this.required = Requirement.names(requirements, name, wanted.orElse(name));
    Availability availability = probe();
    switch (availability) {
      case Availability.Available(List<DeviceInfo> devices) -> {
        this.device =
            wanted.isEmpty()
                ? Optional.of(devices.getFirst())
                : devices.stream().filter(found -> found.id().equals(wanted.get())).findFirst();
        this.missing =
            device.isPresent()
                ? ""
                : "backend %s has no device %s; it has: %s"
                    .formatted(
                        name,
                        wanted.get(),
                        devices.stream().map(DeviceInfo::id).collect(Collectors.joining(", ")));
      }
      case Availability.Unavailable(String reason, String remedy) -> {
        this.device = Optional.empty();
        this.missing = "backend %s is unavailable: %s; %s".formatted(name, reason, remedy);
      }
    }
    if (device.isEmpty()) {
      System.out.println((required ? "required, but " : "skipped: ") + missing);
    }
  }

  private Availability probe() {
    try {
      return provider.probe();
    } catch (RuntimeException | LinkageError failure) {
      return new Availability.Unavailable("probe() threw " + failure, "report this to its author");
    }
  }

  /** Fails the test if the device is required and missing; skips it if it is only missing. */
  void requireDevice() {
    failIfRequired();
    if (device.isEmpty()) {
      Assumptions.abort(missing);
    }
  }

  /** Fails the test if the device is required and missing. */
  void failIfRequired() {
    if (device.isEmpty() && required) {
      Assertions.fail(missing + " (" + Requirement.VARIABLE + " names it)");
    }
  }

  DeviceInfo device() {
    return device.orElseThrow();
  }

  /** The one that most rules share. */
  synchronized ConvBackend backend() {
    if (opened.isEmpty()) {
      opened = Optional.of(open());
    }
    return opened.get();
  }

  /** Another one of the same device, which the caller closes. */
  ConvBackend open() {
    return provider.open(device(), options);
  }

  boolean supports(ShapeCase shape, Layout layout) {
    return support(shape, layout) instanceof Support.Yes;
  }

  private Support support(ShapeCase shape, Layout layout) {
    return backend().supports(shape.problem(layout));
  }

  /** Skips the test, with the backend's reason, if it does not support this. */
  void assumeSupports(ShapeCase shape, Layout layout) {
    if (support(shape, layout) instanceof Support.No no) {
      Assumptions.abort("unsupported: %s: %s".formatted(shape, no.reason()));
    }
  }

  @Override
  public void close() {
    opened.ifPresent(ConvBackend::close);
    opened = Optional.empty();
  }
}
