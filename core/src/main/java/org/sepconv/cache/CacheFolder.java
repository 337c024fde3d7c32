package org.sepconv.cache;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The one folder for everything that the library keeps on disk: {@code $SEPCONV_CACHE}, or {@code
 * sepconv} in the user's cache folder, which is {@code $XDG_CACHE_HOME} or {@code ~/.cache} on
 * Linux, {@code ~/Library/Caches} on macOS, and {@code %LOCALAPPDATA%} on Windows.
 */
public final class CacheFolder {
  private CacheFolder() {}

  /** The folder of this user; it need not exist yet. */
  public static Path user() {
    return user(System.getenv(), System.getProperty("os.name"), System.getProperty("user.home"));
  }

  /** The folder of a setting: {@code auto} for the user's, {@code off} for none, or a path. */
  public static Optional<Path> of(String setting) {
    return switch (setting) {
      case "off" -> Optional.empty();
      case "auto" -> Optional.of(user());
      default -> Optional.of(Path.of(setting));
    };
  }

  static Path user(Map<String, String> environment, String system, String home) {
    return variable(environment, "SEPCONV_CACHE")
        .orElseGet(() -> ofSystem(environment, system, Path.of(home)).resolve("sepconv"));
  }

  private static Path ofSystem(Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("win")) {
      return variable(environment, "LOCALAPPDATA").orElse(home.resolve("AppData").resolve("Local"));
    }
    if (name.startsWith("mac")) {
      return home.resolve("Library").resolve("Caches");
    }
    return variable(environment, "XDG_CACHE_HOME").orElse(home.resolve(".cache"));
  }

  private static Optional<Path> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank()).map(Path::of);
  }
}
