package org.sepconv.cli.device;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.sepconv.cli.frame.BackendOptionsMixin;
import org.sepconv.cli.frame.Errors;
import org.sepconv.cli.frame.ExitStatus;
import org.sepconv.cli.frame.OutputMixin;
import org.sepconv.cli.text.Numbers;
import org.sepconv.select.BackendStatus;
import org.sepconv.select.Backends;
import org.sepconv.spi.Availability;
import org.sepconv.spi.ConvBackend;
import org.sepconv.spi.DeviceInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code sepconv devices}: what there is to run on, and what is missing for the rest. */
@Command(
    name = DevicesCommand.NAME,
    header = "Every backend and device, or why one is not available.",
    description =
        "Lists every device with its properties; for a backend that is not available, the reason"
            + " and what to do about it. Opens no device, unless --open or a setting (--option)"
            + " asks for it.")
public final class DevicesCommand implements Callable<Integer> {

  static final String NAME = "devices";
  private static final String OPEN = "--open";

  @Mixin private BackendOptionsMixin backendOptions;
  @Mixin private OutputMixin output;

  @Option(
      names = OPEN,
      description = "Open each device: more properties, what the cost model expects, or the error.")
  private boolean open;

  /**
   * The JSON document.
   *
   * @param probeMilliseconds time to find and probe all backends
   */
  record Document(double probeMilliseconds, List<BackendEntry> backends) {}

  /**
   * A backend.
   *
   * @param available whether it has devices; otherwise {@code reason} and {@code remedy} are set
   */
  record BackendEntry(
      String name, boolean available, String reason, String remedy, List<DeviceEntry> devices) {}

  /**
   * A device.
   *
   * @param opened whether it was opened; otherwise all but the properties is empty or 0
   * @param profile where the cost model's numbers come from; empty if the device did not open
   * @param openMilliseconds time to open it
   * @param error why it did not open; empty if it did
   */
  record DeviceEntry(
      String id,
      String name,
      Map<String, String> properties,
      boolean opened,
      String profile,
      double peakGflops,
      double bandwidthGBs,
      double openMilliseconds,
      String error) {}

  /** Whether these are arguments of this command with which it opens no device. */
  public static boolean onlyLists(String... arguments) {
    List<String> all = List.of(arguments);
    return !all.isEmpty()
        && all.getFirst().equals(NAME)
        && all.stream().noneMatch(argument -> argument.startsWith("--o")); // --open, --option
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    try (Backends backends = backendOptions.discover()) {
      double probe = (System.nanoTime() - start) / 1e6;
      List<BackendEntry> entries = new ArrayList<>();
      for (BackendStatus status : wanted(backends)) {
        entries.add(entry(status, backends));
      }
      Document document = new Document(probe, entries);
      print(document, output.text());
      output.json(document);
    }
    return ExitStatus.OK;
  }

  /** All backends, or those that the user named, available or not. */
  private List<BackendStatus> wanted(Backends backends) {
    return backendOptions.named()
        ? backendOptions.names().stream().map(name -> named(name, backends)).distinct().toList()
        : backends.statuses();
  }

  private static BackendStatus named(String name, Backends backends) {
    String backend = name.strip().toLowerCase(Locale.ROOT).replaceAll(":.*", "");
    return backends.statuses().stream()
        .filter(status -> status.name().equals(backend))
        .findFirst()
        .orElseGet(() -> unlisted(backend, backends.backend(name)));
  }

  /** Of a backend that is offered only by name: no list has it, but it could be opened. */
  private static BackendStatus unlisted(String name, ConvBackend opened) {
    return new BackendStatus(
        name, Integer.MAX_VALUE, new Availability.Available(List.of(opened.device())));
  }

  private BackendEntry entry(BackendStatus status, Backends backends) {
    return switch (status.availability()) {
      case Availability.Unavailable(String reason, String remedy) ->
          new BackendEntry(status.name(), false, reason, remedy, List.of());
      case Availability.Available(List<DeviceInfo> devices) ->
          new BackendEntry(
              status.name(),
              true,
              "",
              "",
              devices.stream()
                  .map(device -> opens() ? open(device, backends) : listed(device))
                  .toList());
    };
  }

  /** Settings are checked by the device that they are for. */
  private boolean opens() {
    return open || backendOptions.hasSettings();
  }

  private static DeviceEntry listed(DeviceInfo device) {
    return new DeviceEntry(device.id(), device.name(), device.properties(), false, "", 0, 0, 0, "");
  }

  private static DeviceEntry open(DeviceInfo device, Backends backends) {
    long start = System.nanoTime();
    try {
      ConvBackend backend = backends.backend(device.id());
      double milliseconds = (System.nanoTime() - start) / 1e6;
      var profile = backends.profile(backend);
      return new DeviceEntry(
          device.id(),
          device.name(),
          backend.device().properties(), // an open device knows more
          true,
          profile.source(),
          profile.peakFlops() / 1e9,
          profile.bandwidth() / 1e9,
          milliseconds,
          "");
    } catch (IllegalArgumentException wrongSetting) {
      throw wrongSetting;
    } catch (RuntimeException | LinkageError | AssertionError failure) {
      double milliseconds = (System.nanoTime() - start) / 1e6;
      return new DeviceEntry(
          device.id(),
          device.name(),
          device.properties(),
          false,
          "",
          0,
          0,
          milliseconds,
          Errors.describe(failure, device.id()));
    }
  }

  private static void print(Document document, PrintWriter out) {
    for (BackendEntry backend : document.backends()) {
      if (!backend.available()) {
        out.printf("%s  not available: %s%n", backend.name(), backend.reason());
        if (!backend.remedy().isEmpty()) {
          property(out, "remedy", backend.remedy());
        }
        out.println();
      }
      for (DeviceEntry device : backend.devices()) {
        print(device, out);
      }
    }
    out.printf(
        "%d %s, found and probed in %s ms%n",
        document.backends().size(),
        document.backends().size() == 1 ? "backend" : "backends",
        Numbers.significant(document.probeMilliseconds()));
    if (document.backends().stream()
        .flatMap(backend -> backend.devices().stream())
        .anyMatch(device -> !device.opened() && device.error().isEmpty())) {
      out.println("devices were not opened; --open does so, and shows what to expect of each");
    }
    out.flush();
  }

  private static void print(DeviceEntry device, PrintWriter out) {
    out.printf("%s  %s%n", device.id(), device.name());
    device.properties().forEach((key, value) -> property(out, key, value));
    if (device.opened()) {
      property(
          out,
          "estimate",
          "%s GFLOP/s, %s GB/s (%s)"
              .formatted(
                  Numbers.significant(device.peakGflops()),
                  Numbers.significant(device.bandwidthGBs()),
                  device.profile()));
      property(out, "opened in", Numbers.significant(device.openMilliseconds()) + " ms");
    } else if (!device.error().isEmpty()) {
      property(out, "FAILED", device.error());
    }
    out.println();
  }

  private static void property(PrintWriter out, String key, String value) {
    out.printf("  %-12s  %s%n", key, value);
  }
}
