package org.sepconv.opencl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sepconv.cache.CacheFolder;
import org.sepconv.machine.FolderState;
import org.sepconv.opencl.IcdFiles.Driver;
import org.sepconv.opencl.device.OpenClLibrary;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/**
 * From the loader to the devices, what is there and what is missing.
 *
 * @param loader whether there is an OpenCL library
 * @param drivers what is registered with the loader; empty where drivers are found otherwise
 * @param probe what looking for devices found
 * @param cache where programs are kept
 * @param poclCache where PoCL keeps its own; it shows no device where it cannot
 */
record OpenClDiagnosis(
    boolean loader,
    Optional<IcdFiles> drivers,
    Probe probe,
    FolderState cache,
    FolderState poclCache) {

  /** Room for the programs of a few networks. */
  private static final long CACHE_BYTES = 100L << 20;

  static OpenClDiagnosis here(Probe probe) {
    boolean loader = OpenClLibrary.isPresent();
    Optional<IcdFiles> drivers =
        loader && IcdFiles.areUsed(System.getProperty("os.name"))
            ? Optional.of(IcdFiles.find(System.getenv()))
            : Optional.empty();
    Path cache = CacheFolder.user();
    return new OpenClDiagnosis(
        loader, drivers, probe, FolderState.of(cache), FolderState.of(poclCache(System.getenv())));
  }

  static Path poclCache(Map<String, String> environment) {
    String own = environment.getOrDefault("POCL_CACHE_DIR", "");
    if (!own.isBlank()) {
      return Path.of(own);
    }
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    Path parent =
        user.isBlank() ? Path.of(environment.getOrDefault("HOME", "/"), ".cache") : Path.of(user);
    return parent.resolve("pocl").resolve("kcache");
  }

  List<Finding> findings() {
    if (!loader) {
      return List.of(
          switch (probe) {
            case Probe.Nothing nothing -> missing("loader", nothing);
            case Probe.Found _ -> Finding.warning("loader", "vanished while we looked", "");
          });
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok("loader", "libOpenCL is there"));
    drivers.ifPresent(files -> files.drivers().forEach(file -> findings.add(driver(file))));
    switch (probe) {
      case Probe.Nothing nothing ->
          findings.add(
              drivers
                  .filter(files -> files.drivers().isEmpty())
                  .map(OpenClDiagnosis::noDriver)
                  .orElseGet(() -> noDevice(nothing)));
      case Probe.Found(List<DeviceInfo> devices) -> {
        devices.forEach(device -> findings.add(device(device)));
        findings.add(programCache());
      }
    }
    return findings;
  }

  /** What is not installed need not be wanted; what is installed and fails is broken. */
  private static Finding missing(String check, Probe.Nothing nothing) {
    return switch (nothing.cause()) {
      case NOT_INSTALLED -> Finding.warning(check, nothing.reason(), nothing.remedy());
      case NATIVE_ACCESS, BROKEN -> Finding.failed(check, nothing.reason(), nothing.remedy());
    };
  }

  /** Drivers are registered, but the loader shows no device. */
  private Finding noDevice(Probe.Nothing nothing) {
    List<Driver> loaded =
        drivers.map(IcdFiles::drivers).orElse(List.of()).stream().filter(Driver::loads).toList();
    Finding missing = missing("devices", nothing);
    if (loaded.isEmpty() || missing.status() == Finding.Status.FAILED) {
      return missing;
    }
    boolean pocl = loaded.stream().anyMatch(driver -> driver.library().contains("pocl"));
    return pocl && poclCache.problem().isPresent()
        ? Finding.warning(
            "devices",
            "PoCL shows no device, because it cannot write its cache: " + poclCache.describe(),
            "set POCL_CACHE_DIR to a folder that can be written")
        : Finding.warning(
            "devices",
            "the drivers load, but show no device",
            "run clinfo; a GPU's device files (/dev/dri, /dev/nvidia*) must be open to this user: usermod -aG render,video USER");
  }

  private static Finding noDriver(IcdFiles files) {
    return Finding.warning(
        "drivers",
        "the loader has no driver to load (error -1001): none is registered in " + files.place(),
        files.named()
            ? "unset OCL_ICD_VENDORS, or let it name a folder with .icd files"
            : Probe.Nothing.NO_DEVICE.remedy());
  }

  private static Finding driver(Driver driver) {
    return driver.loads()
        ? Finding.ok("driver", driver.library() + " (" + driver.file() + ")")
        : Finding.warning(
            "driver",
            "%s names %s, which does not load".formatted(driver.file(), driver.library()),
            "install or repair that driver, or take it out there");
  }

  private static Finding device(DeviceInfo device) {
    String facts =
        Stream.of("type", "platform", "version", "driver", "compute units", "memory")
            .filter(device.properties()::containsKey)
            .map(
                key ->
                    key.equals("compute units") || key.equals("driver")
                        ? key + " " + device.properties().get(key)
                        : device.properties().get(key))
            .collect(Collectors.joining(", "));
    return Finding.ok(device.id(), device.name() + ": " + facts);
  }

  private Finding programCache() {
    return cache
        .problem(CACHE_BYTES)
        .map(
            problem ->
                Finding.warning(
                    "program cache",
                    "%s: %s; every start compiles its programs anew"
                        .formatted(cache.folder(), problem),
                    "set SEPCONV_CACHE to a folder that can be written"))
        .orElseGet(() -> Finding.ok("program cache", cache.describe()));
  }
}
