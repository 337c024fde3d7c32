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
import org.sepconv.spi.Availability;
import org.sepconv.spi.DeviceInfo;
import org.sepconv.spi.Finding;

/**
 * From the loader to the devices, what is there and what is missing.
 *
 * @param loader whether there is an OpenCL library
 * @param drivers what is registered with the loader; empty where drivers are found otherwise
 * @param availability what probing says
 * @param cache where programs are kept
 * @param poclCache where PoCL keeps its own; it shows no device where it cannot
 */
record OpenClDiagnosis(
    boolean loader,
    Optional<IcdFiles> drivers,
    Availability availability,
    FolderState cache,
    FolderState poclCache) {

  private static final String NO_DRIVERS = "drivers";

  /** Room for the programs of a few networks. */
  private static final long CACHE_BYTES = 100L << 20;

  static OpenClDiagnosis here(Availability availability) {
    boolean loader = OpenClLibrary.isPresent();
    Optional<IcdFiles> drivers =
        loader && IcdFiles.areUsed(System.getProperty("os.name"))
            ? Optional.of(IcdFiles.find(System.getenv()))
            : Optional.empty();
    Path cache = CacheFolder.user();
    return new OpenClDiagnosis(
        loader,
        drivers,
        availability,
        FolderState.of(cache),
        FolderState.of(poclCache(System.getenv())));
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
    List<Finding> findings = new ArrayList<>();
    findings.add(loader ? Finding.ok("loader", "libOpenCL is there") : missing("loader"));
    if (!loader) {
      return findings;
    }
    drivers.ifPresent(files -> findings.addAll(drivers(files, availability)));
    switch (availability) {
      case Availability.Unavailable _ -> {
        if (findings.stream().noneMatch(finding -> finding.check().equals(NO_DRIVERS))) {
          findings.add(noDevice());
        }
      }
      case Availability.Available(List<DeviceInfo> devices) -> {
        devices.forEach(device -> findings.add(device(device)));
        findings.add(programCache());
      }
    }
    return findings;
  }

  /** What is not installed need not be wanted; what is installed and fails is broken. */
  private Finding missing(String check) {
    return switch (availability) {
      case Availability.Unavailable(String reason, String remedy)
          when reason.startsWith(OpenClBackendProvider.NO_LIBRARY)
              || reason.startsWith(OpenClBackendProvider.NO_DEVICE) ->
          Finding.warning(check, reason, remedy);
      case Availability.Unavailable(String reason, String remedy) ->
          Finding.failed(check, reason, remedy);
      case Availability.Available _ -> Finding.warning(check, "vanished while we looked", "");
    };
  }

  /** Drivers are registered, but the loader shows no device. */
  private Finding noDevice() {
    List<Driver> loaded =
        drivers.map(IcdFiles::drivers).orElse(List.of()).stream().filter(Driver::loads).toList();
    Finding missing = missing("devices");
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

  private static List<Finding> drivers(IcdFiles files, Availability availability) {
    if (files.drivers().isEmpty()) {
      if (availability instanceof Availability.Available) {
        return List.of(); // the loader knows another place
      }
      return List.of(
          Finding.warning(
              NO_DRIVERS,
              "the loader has no driver to load (error -1001): none is registered in "
                  + files.place(),
              files.place().startsWith("OCL_ICD_VENDORS")
                  ? "unset OCL_ICD_VENDORS, or let it name a folder with .icd files"
                  : OpenClBackendProvider.DRIVER_REMEDY));
    }
    List<Finding> findings = new ArrayList<>();
    for (Driver driver : files.drivers()) {
      findings.add(
          driver.loads()
              ? Finding.ok("driver", driver.library() + " (" + driver.file() + ")")
              : Finding.warning(
                  "driver",
                  "%s names %s, which does not load".formatted(driver.file(), driver.library()),
                  "install or repair that driver, or take it out there"));
    }
    return findings;
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
