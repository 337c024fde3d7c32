package org.sepconv.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CacheFolderTest {

  private static Path user(Map<String, String> environment, String system) {
    return CacheFolder.user(environment, system, "/h");
  }

  @Test
  void followsTheEnvironment() {
    assertEquals(Path.of("/a"), user(Map.of("SEPCONV_CACHE", "/a"), "Linux"));
    assertEquals(Path.of("/x/sepconv"), user(Map.of("XDG_CACHE_HOME", "/x"), "Linux"));
    assertEquals(
        Path.of("/a"), user(Map.of("SEPCONV_CACHE", "/a", "XDG_CACHE_HOME", "/x"), "Linux"));
    assertEquals(
        Path.of("/h/.cache/sepconv"), user(Map.of("XDG_CACHE_HOME", " "), "Linux"), "blank");
    assertEquals(Path.of("/h/.cache/sepconv"), user(Map.of(), "Linux"));
  }

  @Test
  void followsTheSystem() {
    assertEquals(Path.of("/h/Library/Caches/sepconv"), user(Map.of(), "Mac OS X"));
    assertEquals(Path.of("/h/AppData/Local/sepconv"), user(Map.of(), "Windows 11"));
    assertEquals(Path.of("/l/sepconv"), user(Map.of("LOCALAPPDATA", "/l"), "Windows 11"));
  }

  @Test
  void followsASetting() {
    assertEquals(Optional.empty(), CacheFolder.of("off"));
    assertEquals(Optional.of(Path.of("/b")), CacheFolder.of("/b"));
    assertEquals(Optional.of(CacheFolder.user()), CacheFolder.of("auto"));
  }
}
