package org.sepconv.opencl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sepconv.opencl.device.OpenClLibrary;

/**
 * Where the OpenCL loader of Linux finds its drivers.
 *
 * @param named whether {@code OCL_ICD_VENDORS} names the place
 * @param place the folder, or the variable that names drivers directly
 * @param drivers what is registered there
 */
record IcdFiles(boolean named, String place, List<Driver> drivers) {
  private static final String VARIABLE = "OCL_ICD_VENDORS";
  private static final Path DEFAULT = Path.of("/etc/OpenCL/vendors");

  /**
   * A registered driver.
   *
   * @param file what registers it
   * @param library the library that it names
   * @param loads whether that library loads
   */
  record Driver(String file, String library, boolean loads) {}

  /**
   * What {@code OCL_ICD_VENDORS} says, a folder, an .icd file or a library; otherwise the system's
   * folder.
   */
  static IcdFiles find(Map<String, String> environment) {
    String vendors = environment.getOrDefault(VARIABLE, "");
    if (vendors.isBlank()) {
      return in(DEFAULT, false, DEFAULT.toString());
    }
    Path path = Path.of(vendors);
    if (Files.isDirectory(path)) {
      return in(path, true, VARIABLE + "=" + vendors);
    }
    return new IcdFiles(
        true,
        VARIABLE,
        List.of(vendors.endsWith(".icd") ? driver(path) : driver(VARIABLE, vendors)));
  }

  /** Whether there are such files on this system at all. */
  static boolean areUsed(String system) {
    String lower = system.toLowerCase(Locale.ROOT);
    return !lower.contains("windows") && !lower.contains("mac");
  }

  private static IcdFiles in(Path folder, boolean named, String place) {
    List<Driver> drivers = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.icd")) {
        files.forEach(file -> drivers.add(driver(file)));
      } catch (IOException unreadable) {
        return new IcdFiles(named, place + ", which cannot be read", List.of());
      }
    }
    drivers.sort(Comparator.comparing(Driver::file));
    return new IcdFiles(named, place, drivers);
  }

  private static Driver driver(Path file) {
    try {
      return driver(file.toString(), Files.readString(file).lines().findFirst().orElse("").strip());
    } catch (IOException _) {
      return new Driver(file.toString(), "nothing that can be read", false);
    }
  }

  private static Driver driver(String file, String library) {
    return library.isEmpty()
        ? new Driver(file, "no library", false)
        : new Driver(file, library, OpenClLibrary.loads(library));
  }
}
