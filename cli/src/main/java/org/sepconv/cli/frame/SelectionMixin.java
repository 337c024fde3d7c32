package org.sepconv.cli.frame;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.sepconv.cache.CacheFolder;
import org.sepconv.files.AtomicFile;
import org.sepconv.select.DataLocation;
import org.sepconv.select.FirstUse;
import org.sepconv.select.SelectionCache;
import org.sepconv.select.SelectionMode;
import org.sepconv.select.SelectionOptions;
import picocli.CommandLine.Option;

/** {@code --select}: how a command chooses a backend where none is named. */
public final class SelectionMixin {
  private static final String AUTO = "auto";

  @Option(
      names = "--select",
      paramLabel = "predicted|measured",
      description =
          "Choose the backend by the cost model, or by a trial of the two or three "
              + "that it likes best, whose answer is kept (default: predicted).")
  private Optional<SelectionMode> mode = Optional.empty();

  @Option(
      names = "--select-time",
      paramLabel = "SECONDS",
      description =
          "How long each may run in a trial, and before it to warm up (default: 1; "
              + "less where one is clearly ahead).")
  private Optional<Double> seconds = Optional.empty();

  @Option(
      names = "--select-cache",
      paramLabel = "auto|off|FOLDER",
      description =
          "Where answers of trials are kept (default: auto, in $SEPCONV_CACHE or the "
              + "user's cache folder).")
  private Optional<String> folder = Optional.empty();

  @Option(
      names = "--first-use",
      paramLabel = "estimate|calibrate",
      description =
          "What to do about a device that was never calibrated: take its backend's "
              + "estimate, or measure it for some seconds and keep that (default: "
              + "estimate).")
  private Optional<FirstUse> firstUse = Optional.empty();

  /** Whether any of the options is given: a mistake where a backend is named. */
  boolean given() {
    return mode.isPresent() || seconds.isPresent() || folder.isPresent() || firstUse.isPresent();
  }

  /**
   * The options as selection takes them.
   *
   * @throws IllegalArgumentException if one of them would be ignored, or makes no sense
   */
  public SelectionOptions options(DataLocation data) {
    if (mode.orElse(SelectionMode.PREDICTED) == SelectionMode.PREDICTED) {
      if (seconds.isPresent()) {
        throw new IllegalArgumentException("--select-time is for --select measured");
      }
      return SelectionOptions.predicted().withData(data).withFirstUse(firstUse());
    }
    SelectionOptions measured =
        SelectionOptions.measured().withData(data).withCache(cache()).withFirstUse(firstUse());
    if (seconds.isEmpty()) {
      return measured;
    }
    OptionChecks.requireSeconds("--select-time", seconds.get());
    return measured.withTrialTime(Duration.ofNanos(Math.max(1, Math.round(seconds.get() * 1e9))));
  }

  private FirstUse firstUse() {
    return firstUse.orElse(FirstUse.ESTIMATE);
  }

  /**
   * Where answers are kept.
   *
   * @throws UncheckedIOException if the user named a folder in which none can be
   */
  public SelectionCache cache() {
    String wanted = folder.orElse(AUTO);
    try {
      Optional<Path> place = CacheFolder.of(wanted);
      if (place.isPresent() && !wanted.equals(AUTO)) {
        AtomicFile.checkFolder(place.get());
      }
      return place.map(SelectionCache::in).orElseGet(SelectionCache::off);
    } catch (InvalidPathException wrong) {
      throw new IllegalArgumentException("--select-cache: " + wrong.getMessage(), wrong);
    } catch (IOException wrong) {
      throw new UncheckedIOException(wrong);
    }
  }
}
