package org.sepconv.djl;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sepconv.cache.CacheFolder;

/**
 * The folder into which DJL unpacks natives before it loads them. It takes what lies there without
 * a look at it, and a library that was cut short kills the JVM when it is mapped: so we look.
 */
final class NativesCache {
  private NativesCache() {}

  /**
   * Where the natives go: ENGINE_CACHE_DIR or DJL_CACHE_DIR if either is set, otherwise {@code djl}
   * in the library's {@link CacheFolder}.
   */
  static Path folder() {
    return Natives.setting("ENGINE_CACHE_DIR")
        .or(() -> Natives.setting("DJL_CACHE_DIR"))
        .map(Path::of)
        .orElseGet(() -> CacheFolder.user().resolve("djl"));
  }

  /**
   * What is wrong with the natives that were unpacked before, if anything: a library that is
   * missing or has another size than in its jar.
   */
  static Optional<String> damage(Path cache, Natives.Bundled natives, ClassLoader classes) {
    if (!isUnpacked(cache, natives)) {
      return Optional.empty(); // DJL empties the folder and unpacks
    }
    Path folder = folder(cache, natives);
    for (String library : natives.libraries()) {
      Optional<String> damage =
          damage(folder.resolve(library), classes.getResource(natives.resource(library)));
      if (damage.isPresent()) {
        return damage;
      }
    }
    String jni = System.mapLibraryName("djl_torch");
    for (String name : new String[] {natives.djlVersion() + "-" + jni, jni}) {
      Path library = folder.resolve(name);
      if (Files.exists(library)) {
        return damage(library, classes.getResource(natives.jniLibrary()));
      }
    }
    return Optional.empty();
  }

  /** Whether DJL would load what lies in the cache, instead of unpacking. */
  static boolean isUnpacked(Path cache, Natives.Bundled natives) {
    return Files.exists(folder(cache, natives).resolve(System.mapLibraryName("torch")));
  }

  private static Path folder(Path cache, Natives.Bundled natives) {
    return cache
        .resolve("pytorch")
        .resolve(natives.version() + "-" + natives.flavor() + "-" + natives.platform());
  }

  private static Optional<String> damage(Path file, URL original) {
    if (original == null) {
      return Optional.of(file.getFileName() + " is listed by its jar, but not in it");
    }
    try {
      if (!Files.exists(file)) {
        return Optional.of(file + " is missing");
      }
      long expected = original.openConnection().getContentLengthLong();
      long actual = Files.size(file);
      return expected < 0 || actual == expected
          ? Optional.empty()
          : Optional.of("%s has %d bytes instead of %d".formatted(file, actual, expected));
    } catch (IOException unreadable) {
      return Optional.of("cannot read " + file + ": " + unreadable.getMessage());
    }
  }
}
