package org.sepconv.cache;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskCacheTest {
  private static final byte[] CONTENT = {1, 2, 3};
  private static final int MOST_ENTRIES = 20;

  @TempDir private Path folder;

  private static DiskCache cache(Optional<Path> folder) {
    return new DiskCache(folder, "things-v1", MOST_ENTRIES);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void keepsWhatWasWritten() throws IOException {
    DiskCache cache = cache(Optional.of(folder));
    assertTrue(cache.read("key").isEmpty());
    cache.write("key", CONTENT);
    assertArrayEquals(CONTENT, cache(Optional.of(folder)).read("key").orElseThrow());
    assertTrue(cache.read("other").isEmpty());
    assertEquals(1, files(folder).size(), "no temporary file is left");
  }

  @Test
  void damagedEntriesAreForgotten() throws IOException {
    DiskCache cache = cache(Optional.of(folder));
    for (int length : new int[] {0, 10, 34}) {
      cache.write("key", CONTENT);
      Path file = files(folder).getFirst();
      Files.write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), length));
      assertTrue(cache.read("key").isEmpty(), length + " bytes left");
      assertEquals(List.of(), files(folder));
    }
    cache.write("key", CONTENT);
    Path file = files(folder).getFirst();
    byte[] entry = Files.readAllBytes(file);
    entry[entry.length - 1] ^= 1;
    Files.write(file, entry);
    assertTrue(cache.read("key").isEmpty(), "one bit wrong");
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    // A file where the folder should be: even root cannot write into that.
    Path file = Files.createFile(folder.resolve("file"));
    DiskCache cache = cache(Optional.of(file));
    cache.write("key", CONTENT);
    assertTrue(cache.read("key").isEmpty());
    cache.remove("key");
    cache.prune();
  }

  @Test
  void anEntryThatIsAFolderIsNoError() throws IOException {
    DiskCache cache = cache(Optional.of(folder));
    cache.write("key", CONTENT);
    Path file = files(folder).getFirst();
    Files.delete(file);
    Files.createDirectories(file.resolve("inside"));
    assertTrue(cache.read("key").isEmpty());
    cache.write("key", CONTENT);
    assertTrue(cache.read("key").isEmpty());
  }

  @Test
  void theOldestEntriesGo() throws IOException {
    DiskCache cache = cache(Optional.of(folder));
    for (int i = 0; i < MOST_ENTRIES + 2; i++) {
      cache.write("key " + i, CONTENT);
    }
    Path first = files(folder).getFirst();
    Files.setLastModifiedTime(first, java.nio.file.attribute.FileTime.fromMillis(1));
    cache.prune();
    assertEquals(MOST_ENTRIES, files(folder).size());
    assertTrue(Files.notExists(first), "the oldest");
  }

  @Test
  void clearingForgetsEverythingOfThisNameOnly() throws IOException {
    DiskCache cache = cache(Optional.of(folder));
    DiskCache other = new DiskCache(Optional.of(folder), "other-v1", MOST_ENTRIES);
    cache.write("a", CONTENT);
    cache.write("b", CONTENT);
    other.write("a", CONTENT);
    cache.clear();
    assertTrue(cache.read("a").isEmpty());
    assertTrue(cache.read("b").isEmpty());
    assertArrayEquals(CONTENT, other.read("a").orElseThrow());
    cache.clear(); // nothing the second time
  }

  @Test
  void offKeepsNothing() {
    DiskCache cache = cache(Optional.empty());
    cache.write("key", CONTENT);
    assertTrue(cache.read("key").isEmpty());
  }
}
