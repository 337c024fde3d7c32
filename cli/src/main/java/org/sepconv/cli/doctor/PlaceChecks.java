package org.sepconv.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sepconv.spi.Finding;

/** Whether there is a place for files, and a way to name and show things. */
public final class PlaceChecks {

  /** OpenCL's Java binding unpacks its native library, and drivers their compiler's files. */
  private static final long TEMPORARY_BYTES = 64L << 20;

  private PlaceChecks() {}

  public static List<Finding> of(PlaceFacts place) {
    return List.of(temporary(place), home(place), fileNames(place), started(place));
  }

  private static Finding temporary(PlaceFacts place) {
    return place
        .temporary()
        .problem(TEMPORARY_BYTES)
        .map(
            problem ->
                Finding.failed(
                    "temporary",
                    place.temporary().folder()
                        + ": "
                        + problem
                        + "; native libraries are unpacked there",
                    "start java with -Djava.io.tmpdir=FOLDER that can be written"))
        .orElseGet(() -> Finding.ok("temporary", place.temporary().describe()));
  }

  private static Finding home(PlaceFacts place) {
    String home = place.home();
    return !home.isBlank() && Files.isDirectory(Path.of(home)) && Path.of(home).isAbsolute()
        ? Finding.ok("home", home)
        : Finding.warning(
            "home",
            "java finds no home folder for this user (user.home is '%s'), so caches have no place"
                .formatted(home),
            "set XDG_CACHE_HOME to a folder that can be written, or start java with -Duser.home=FOLDER");
  }

  private static Finding fileNames(PlaceFacts place) {
    String charset = place.fileNames();
    boolean ascii = charset.equals("ANSI_X3.4-1968") || charset.equals("US-ASCII");
    return ascii
        ? Finding.warning(
            "locale",
            "files whose names are not plain ASCII cannot be opened (charset %s)"
                .formatted(charset),
            "export LC_ALL=C.UTF-8")
        : Finding.ok("locale", "file names are " + charset);
  }

  private static Finding started(PlaceFacts place) {
    String progress = place.terminal() ? "" : "; stderr is no terminal, so progress is not shown";
    return Finding.ok(
        "started by", (place.launcher() ? "the launcher sepconv" : "java, by hand") + progress);
  }
}
